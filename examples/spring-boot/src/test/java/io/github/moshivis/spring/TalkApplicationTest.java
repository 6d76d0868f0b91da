package io.github.moshivis.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.test.CollectingSink;
import io.github.moshivis.test.ScriptedSource;
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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Runs the application of the documents on the toy model, with its web server. */
class TalkApplicationTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext start(String... more) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(TalkApplication.class)
                .properties(
                        "server.port=0",
                        "moshivis.model=" + ToyModel.directory().toString().replace('\\', '/'),
                        "moshivis.threads=1",
                        "management.endpoints.web.exposure.include=health,metrics",
                        "management.endpoint.health.show-details=always");
        return builder.properties(more).run();
    }

    private URI uri(ConfigurableApplicationContext context, String path) {
        int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        return URI.create("http://localhost:" + port + path);
    }

    private HttpResponse<String> get(ConfigurableApplicationContext context, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(context, path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> ask(ConfigurableApplicationContext context) throws Exception {
        ByteArrayOutputStream wav = new ByteArrayOutputStream();
        try (AudioSink sink = WavFile.sink(wav, PcmEncoding.SIGNED_16, "question")) {
            sink.open();
            sink.write(new float[AudioSource.SAMPLE_RATE], 0, AudioSource.SAMPLE_RATE);
        }
        HttpRequest request = HttpRequest.newBuilder(uri(context, "/talk"))
                .header("Content-Type", "audio/wav")
                .POST(BodyPublishers.ofByteArray(wav.toByteArray()))
                .build();
        return http.send(request, BodyHandlers.ofByteArray());
    }

    @Test
    void answersAndTellsItsHealthAndMeters() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            HttpResponse<byte[]> answer = ask(context);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("audio/wav");
            assertThat(new String(answer.body(), 0, 4, StandardCharsets.US_ASCII))
                    .isEqualTo("RIFF");
            assertThat(answer.body()).as("five seconds in 16 bits").hasSizeGreaterThan(4 * 2 * AudioSource.SAMPLE_RATE);

            assertThat(get(context, "/actuator/health").body())
                    .contains("\"moshiVis\":{\"status\":\"UP\",\"details\":{\"slots\":1,\"free\":1,\"waiting\":0}}");
            assertThat(get(context, "/actuator/metrics/moshivis.frames").body()).contains("\"value\":6");

            MoshiVis model = context.getBean(MoshiVis.class);
            assertThat(model.options().threads()).isEqualTo(1);
            try (Session session = model.session().open()) {
                assertThat(get(context, "/actuator/health").statusCode()).isEqualTo(503);
                assertThat(ask(context).statusCode()).isEqualTo(503);
            }
        }
    }

    @Test
    void conversationsEndBeforeTheApplication() throws Exception {
        ConfigurableApplicationContext context = start();
        MoshiVis model = context.getBean(MoshiVis.class);
        CountDownLatch talked = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        ScriptedSource caller = ScriptedSource.script()
                .tone(220, Duration.ofMillis(400))
                .run(talked::countDown)
                .run(() -> await(stopping))
                .tone(220, Duration.ofMillis(400));
        CollectingSink sink = new CollectingSink();
        Conversation conversation = model.session().start(caller, sink);
        await(talked);

        CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
        awaitNoFreeSlotForOthers(model);
        assertThat(closed).isNotDone();
        stopping.countDown();
        closed.get(1, TimeUnit.MINUTES);

        assertThat(conversation.completion().toCompletableFuture().get(1, TimeUnit.MINUTES))
                .isEqualTo(EndReason.SOURCE_ENDED);
        assertThatThrownBy(() -> model.session().open()).hasMessageContaining("closed");
    }

    /** The application queues for every slot once it stops. */
    private static void awaitNoFreeSlotForOthers(MoshiVis model) throws InterruptedException {
        while (model.queueLength() == 0) {
            Thread.sleep(10);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMissingModelIsNamed() {
        assertThatThrownBy(() -> start("moshivis.model="))
                .rootCause()
                .hasMessageContaining("found no property moshivis.model");
    }

    /** An application that loads its model itself, and one that changes options. */
    @EnableAutoConfiguration
    static class OwnModel {
        @Bean
        MoshiVis own() {
            return ToyModel.load();
        }
    }

    @EnableAutoConfiguration
    static class Customized {
        @Bean
        LoadOptionsCustomizer three() {
            return options -> options.maxConversations(3);
        }
    }

    @Test
    void anOwnModelAndOwnOptionsTakePrecedence() throws IOException {
        try (ConfigurableApplicationContext context = withoutWeb(OwnModel.class)) {
            assertThat(context.getBeansOfType(MoshiVis.class)).containsOnlyKeys("own");
        }
        try (ConfigurableApplicationContext context = withoutWeb(Customized.class)) {
            assertThat(context.getBean(MoshiVis.class).options().maxConversations())
                    .isEqualTo(3);
        }
    }

    private static ConfigurableApplicationContext withoutWeb(Class<?> application) {
        SpringApplication spring = new SpringApplication(application);
        return spring.run("--spring.main.web-application-type=none", "--moshivis.model=" + ToyModel.directory());
    }
}
