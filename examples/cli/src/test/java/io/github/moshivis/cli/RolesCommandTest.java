package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.TinyPersonaPlex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} with a voice and a role. */
class RolesCommandTest {
    @TempDir
    static Path directory;

    @TempDir
    Path scratch;

    @BeforeAll
    static void aModel() throws IOException {
        TinyPersonaPlex.write(directory);
    }

    private Cli.Outcome run(Object... options) {
        Stream<Object> command = Stream.of(
                "run",
                "--model",
                directory,
                "--no-image",
                "--in",
                Cli.QUESTION,
                "--max-duration",
                0.8,
                "--greedy",
                "--out",
                scratch.resolve("answer.wav"),
                "--tokens",
                scratch.resolve("tokens.json"));
        return Cli.run(Stream.concat(command, Stream.of(options)).toArray());
    }

    private JsonNode tokens(Object... options) throws IOException {
        Cli.Outcome outcome = run(options);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        return new ObjectMapper().readTree(scratch.resolve("tokens.json").toFile());
    }

    @Test
    void voiceAndRoleHoldForTheTalk() throws IOException {
        JsonNode plain = tokens();
        JsonNode played = tokens("--voice", "TINY0", "--role", "You enjoy bread and cheese.");

        assertThat(played).isNotEqualTo(plain);
        assertThat(tokens("--voice", TinyPersonaPlex.storedVoice("TINY0"), "--role", "You enjoy bread and cheese."))
                .as("the voice's file")
                .isEqualTo(played);
        assertThat(tokens("--all-depth-steps")).isEqualTo(plain);
    }

    @Test
    void aVoiceThatIsNotThereIsSaidWithThoseThatAre() {
        Cli.Outcome outcome = run("--voice", "NATF9");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("NATF9", "TINY0", "a .pt file or a recording");
    }
}
