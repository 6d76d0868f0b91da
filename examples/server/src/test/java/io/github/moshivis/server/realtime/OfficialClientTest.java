package io.github.moshivis.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.TestServer;
import io.github.moshivis.server.Voice;
import io.github.moshivis.server.tls.GeneratedIdentity;
import io.github.moshivis.server.tls.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The npm package {@code openai}, unmodified, holds the golden talk about the golden picture; skipped without npm or its registry. */
class OfficialClientTest {
    /** Pinned, so that a run does not depend on the day. */
    private static final List<String> PACKAGES = List.of("openai@6.49.0", "ws@8.18.3");

    private static final Path SCRIPT = Path.of("src/test/node/realtime-talk.mjs");
    private static final Path INSTALLED = Path.of("target/npm");

    @TempDir
    private static Path directory;

    private static TestServer server;
    private static Path certificate;

    @BeforeAll
    static void start() throws Exception {
        install();
        Identity identity = GeneratedIdentity.create("localhost");
        certificate = directory.resolve("certificate.pem");
        server = new TestServer();
        server.tls = Optional.of(identity.context());
        server.token = Optional.of("secret");
        server.start();
        Files.writeString(certificate, pem(identity));
        Files.write(directory.resolve("voice.raw"), voice());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        if (!Files.exists(INSTALLED.resolve("node_modules/openai/package.json"))) {
            Run npm = run(INSTALLED, "npm install --no-save --no-audit --no-fund " + String.join(" ", PACKAGES));
            assumeTrue(npm.code == 0, "npm cannot install " + PACKAGES + ", so the client is not tried: " + npm.output);
        }
        Files.copy(SCRIPT, INSTALLED.resolve("talk.mjs"), StandardCopyOption.REPLACE_EXISTING);
    }

    private record Run(int code, String output) {}

    private static Run run(Path where, String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroy();
        return new Run(ended ? process.exitValue() : -1, Files.readString(output));
    }

    private static String pem(Identity identity) throws IOException {
        X509Certificate shown = identity.chain().get(0);
        try {
            return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(shown.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    private static byte[] voice() throws IOException {
        List<byte[]> frames = Voice.frames();
        ByteBuffer all = ByteBuffer.allocate(frames.size() * frames.get(0).length);
        frames.forEach(all::put);
        return all.array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ga", "beta"})
    void holdsATalkAboutAPicture(String spelling) throws IOException, InterruptedException {
        int size = Golden.json("e2e/run.json").get("image_size").asInt();
        String own = "'moshivis':{'text_temperature':0,'audio_temperature':0,'repetition_penalty':1,'xa_start':0,"
                + "'image_resolution':" + size + "}";
        String session = spelling.equals("beta")
                ? "{'input_audio_format':'pcm16','output_audio_format':'pcm16'," + own + "}"
                : "{'type':'realtime','audio':{'input':{'format':{'type':'audio/pcm','rate':24000}}}," + own + "}";
        Run talk = run(
                INSTALLED,
                "CA=" + certificate + " node talk.mjs https://localhost:"
                        + server.server().port() + "/v1 "
                        + TestServer.PICTURE.toAbsolutePath() + " " + directory.resolve("voice.raw") + " '"
                        + session.replace('\'', '"') + "' " + spelling);
        assertThat(talk.code).as(talk.output).isZero();
        JsonNode result = new ObjectMapper().readTree(talk.output);
        // The last frame's words come with the silence behind it, which may have words of its own.
        assertThat(result.get("transcript").asText()).startsWith(words()).hasSizeLessThan(words().length() + 20);
        assertThat(result.get("heard").asInt()).isEqualTo(voice().length);
        assertThat(result.get("seen").has("error")).isFalse();
        assertThat(result.get("done").get("status").asText()).isEqualTo("cancelled");
        assertThat(result.get("done")
                        .get("output")
                        .get(0)
                        .get("content")
                        .get(0)
                        .get("transcript")
                        .asText())
                .isEqualTo(result.get("transcript").asText());
    }

    /** What the reference's server sent. */
    private static String words() throws IOException {
        StringBuilder words = new StringBuilder();
        for (JsonNode message : Golden.json("e2e/expected_text_xa_start0.json").get("messages")) {
            byte[] bytes = HexFormat.of().parseHex(message.get("message_hex").asText());
            words.append(((Message.ColoredText) Message.decode(ByteBuffer.wrap(bytes))).text());
        }
        return words.toString();
    }
}
