package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.client.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How talks come to their end: by their length, and with the server; and what is left of them. */
class StopTest {
    private static final String PLAIN = "audio_format=pcm&image_resolution=70";

    @TempDir
    Path directory;

    @Test
    void whoTalksMayTalkOnForAWhileWhileTheServerStops() throws Exception {
        try (TestServer server = new TestServer()) {
            server.slots = 1;
            server.start();
            TestCaller talking = server.call(PLAIN).talk();
            TestCaller waiting = server.call(PLAIN).sendPicture();
            waiting.next(Message.Metadata.class, metadata -> metadata.json().contains("queue"));

            CompletableFuture<Void> drained =
                    CompletableFuture.runAsync(() -> server.server().drain(Duration.ofSeconds(50)));

            assertThat(waiting.next(Message.Error.class).reason()).contains("server stops");
            assertThat(waiting.closed().code()).isEqualTo(1001);
            talking.next(Message.Metadata.class, metadata -> metadata.json().equals("{\"stopping\":{\"seconds\":50}}"));
            talking.sendSilence().sendSilence();
            assertThat(talking.next(Message.Audio.class).bytes())
                    .as("the talk goes on")
                    .isNotEmpty();
            assertThat(server.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(catchThrowableOfType(TestCaller.RefusedException.class, () -> server.call(PLAIN)).status)
                    .isEqualTo(503);
            assertThat(drained).isNotDone();

            talking.close();
            drained.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoTalksOnForTooLongIsSentAway() throws Exception {
        try (TestServer server = new TestServer()) {
            server.start();
            TestCaller talking = server.call(PLAIN).talk();

            server.server().drain(Duration.ofMillis(200));

            assertThat(talking.next(Message.Error.class).reason()).contains("server stops");
            assertThat(talking.closed().code()).isEqualTo(1001);
        }
    }

    @Test
    void aTalkEndsAtItsLongestDurationAndIsRecordedIfAsked() throws Exception {
        try (TestServer server = new TestServer()) {
            server.slots = 1;
            server.maxDuration = Optional.of(Duration.ofMillis(400));
            server.record = Optional.of(directory);
            server.start();
            TestCaller caller = server.call(PLAIN).talk();
            caller.send(new Message.Rating(5));
            for (int i = 0; i < 5; i++) {
                caller.sendSilence();
                if (i > 0) {
                    caller.next(Message.Audio.class);
                }
            }
            assertThat(caller.next(Message.Error.class).reason()).contains("longest duration");
            assertThat(caller.closed().code()).isEqualTo(1000);
        }
        assertThat(files()).hasSize(4).allMatch(name -> name.startsWith("test-"));
        assertThat(files()).anyMatch(name -> name.endsWith(".wav")).anyMatch(name -> name.endsWith(".safetensors"));
        String rating = files().filter(name -> name.endsWith("-rating.json"))
                .findFirst()
                .orElseThrow();
        assertThat(new ObjectMapper()
                        .readTree(directory.resolve(rating).toFile())
                        .get("user_rating")
                        .asInt())
                .isEqualTo(5);
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).toList().stream();
        }
    }
}
