package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.FakePeer;
import io.github.moshivis.client.FakeServer;
import io.github.moshivis.load.BundledModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code chat} does with its options; what the client does is its own tests' concern. */
@Timeout(60)
class ChatCommandTest {
    @TempDir
    Path directory;

    @Test
    void talksWithAServerAndKeepsWhatItSays() throws Exception {
        Path voice = directory.resolve("out.wav");
        try (FakeServer server = FakeServer.playing(FakePeer.Rust::new)) {
            Cli.Outcome outcome = Cli.run(
                    Map.of("MOSHIVIS_TOKEN", "secret"),
                    "chat",
                    server.address(),
                    "--image",
                    Cli.PICTURE,
                    "--audio",
                    Cli.QUESTION,
                    "--tail",
                    0,
                    "--out",
                    voice,
                    "--greedy",
                    "--seed",
                    7,
                    "--voice",
                    "NATF2",
                    "--role",
                    "You are Ada.",
                    "--user-text");

            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.out())
                    .contains("Connected", "hihi", "Said 4.1 s, heard 4.1 s")
                    .doesNotContain("\u001b");
            assertThat(Files.size(voice)).isGreaterThan(4 * 24_000 * Float.BYTES);
            FakeServer.Caller caller = server.caller();
            assertThat(caller.authorization()).isEqualTo("Bearer secret");
            assertThat(caller.query())
                    .contains("text_topk=1", "audio_topk=1", "text_seed=7", "audio_seed=7", "xa_start=0", "user_text=1")
                    .contains("voice_prompt=NATF2", "text_prompt=You%20are%20Ada.")
                    .doesNotContain("temperature");
            byte[] first = caller.peer().received().get(0);
            assertThat(first).startsWith((byte) 8).hasSize(1 + (int) Files.size(Cli.PICTURE));
        }
    }

    @Test
    void asksABundledQuestionAboutABundledPicture() throws Exception {
        BundledModel nano = BundledModel.nano();
        try (FakeServer server = FakeServer.playing(FakePeer.Rust::new)) {
            Cli.Outcome outcome = Cli.run(
                    "chat",
                    server.address(),
                    "--question",
                    "what do you see",
                    "--picture",
                    "a red heart",
                    "--tail",
                    1,
                    "--out",
                    directory.resolve("out.wav"));

            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.out())
                    .as("1.4 s of question, and silence to the end of a frame")
                    .contains("Said 2.5 s");
            assertThat(Arrays.copyOfRange(server.caller().peer().received().get(0), 1, 1 << 20))
                    .startsWith(Files.readAllBytes(nano.picture("a red heart").file()));
        }
    }

    @Test
    void saysWhyAConversationEnded() throws Exception {
        FakePeer full = new FakePeer() {
            @Override
            protected void opened() {
                send("05" + "66756c6c");
                close(1000, "");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> full)) {
            Cli.Outcome outcome =
                    Cli.run("chat", server.address(), "--audio", Cli.QUESTION, "--out", directory.resolve("out.wav"));

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).contains("the server says: full");
            assertThat(directory.resolve("out.wav"))
                    .as("of a talk that did not begin")
                    .doesNotExist();
        }
    }

    @Test
    void saysBeforehandThatAServerMayWaitForAPicture() throws Exception {
        FakePeer wants = new FakePeer() {
            @Override
            protected void opened() {
                close(1008, "no picture");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> wants)) {
            Cli.Outcome outcome = Cli.run(
                    "chat",
                    server.address(),
                    "--no-image",
                    "--audio",
                    Cli.QUESTION,
                    "--out",
                    directory.resolve("out.wav"));

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.out()).startsWith("Talking without a picture").contains("--image");
        }
    }

    @Test
    void whatCannotBeIsSaidBeforeConnecting() {
        Path voice = directory.resolve("out.wav");
        Cli.Outcome address = Cli.run("chat", "ftp://host", "--audio", Cli.QUESTION, "--out", voice);
        assertThat(address.exitCode()).isEqualTo(2);
        assertThat(address.err()).contains("server's address", "ftp://host");

        Cli.Outcome limit = Cli.run("chat", "host", "--greedy", "--text-top-k", 5, "--out", voice);
        assertThat(limit.exitCode()).isEqualTo(2);
        assertThat(limit.err()).contains("--greedy sets --text-top-k to 1", "found 5");

        Cli.Outcome same = Cli.run("chat", "host", "--audio", Cli.QUESTION, "--out", Cli.QUESTION);
        assertThat(same.exitCode()).isEqualTo(2);
        assertThat(same.err()).contains("--out", "another option names the same file");
    }
}
