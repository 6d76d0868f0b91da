package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.test.ToyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the servlet of the documents in a container, on the toy model. */
class TalkServletTest {
    @TempDir
    private Path directory;

    private Tomcat start() throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        Context context = tomcat.addContext("", directory.toString());
        Wrapper servlet = Tomcat.addServlet(context, "talk", TalkServlet.class.getName());
        servlet.addInitParameter("model", ToyModel.directory().toString());
        servlet.setLoadOnStartup(1);
        context.addServletMappingDecoded("/talk", "talk");
        tomcat.getConnector();
        tomcat.start();
        return tomcat;
    }

    private static byte[] secondOfSound() throws IOException {
        ByteArrayOutputStream wav = new ByteArrayOutputStream();
        try (AudioSink sink = WavFile.sink(wav, PcmEncoding.SIGNED_16, "question")) {
            sink.open();
            sink.write(new float[AudioSource.SAMPLE_RATE], 0, AudioSource.SAMPLE_RATE);
        }
        return wav.toByteArray();
    }

    @Test
    void answersAQuestion() throws Exception {
        Tomcat tomcat = start();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            "http://localhost:" + tomcat.getConnector().getLocalPort() + "/talk"))
                    .POST(BodyPublishers.ofByteArray(secondOfSound()))
                    .build();
            HttpResponse<byte[]> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("audio/wav");
            assertThat(new String(answer.body(), 0, 4, StandardCharsets.US_ASCII))
                    .isEqualTo("RIFF");
            assertThat(answer.body()).as("five seconds in 16 bits").hasSizeGreaterThan(4 * 2 * AudioSource.SAMPLE_RATE);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
