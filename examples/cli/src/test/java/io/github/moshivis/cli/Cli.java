package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs the command line inside the test's own process. */
final class Cli {
    /** The golden model: a directory as a user has it. */
    static final Path MODEL = Golden.path("e2e/model");

    /** The golden user's voice: 4.05 s, which are 50 frames and a part of one. */
    static final Path QUESTION = Golden.path("e2e/input.wav");

    /** The golden picture. */
    static final Path PICTURE = Golden.path("e2e/input.png");

    private Cli() {}

    /** What a command left behind. */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs a command; arguments of any type are given as they print. */
    static Outcome run(Object... args) {
        return run(Map.of("HF_HUB_OFFLINE", "1", "HOME", "/nowhere"), args);
    }

    /** Runs {@code run} greedily on the golden question, with more options; returns the document of {@code --tokens}. */
    static JsonNode tokens(Path scratch, Object... options) throws IOException {
        Path tokens = scratch.resolve("tokens.json");
        Stream<Object> command = Stream.of(
                "run", "--in", QUESTION, "--greedy", "--out", scratch.resolve("answer.wav"), "--tokens", tokens);
        Outcome outcome = run(Stream.concat(command, Stream.of(options)).toArray());
        assertThat(outcome.err()).doesNotContain("moshivis: ");
        assertThat(outcome.exitCode()).isZero();
        return new ObjectMapper().readTree(tokens.toFile());
    }

    /** The rows that a terminal shows after what was written to it. */
    static List<String> screen(StringWriter written) {
        String all = written.toString();
        return all.substring(all.lastIndexOf('\r') + 1)
                .replaceAll("\u001b\\[[0-9]*[AJK]", "")
                .lines()
                .toList();
    }

    /** Runs a command with environment variables, which say which hub and which cache it uses. */
    static Outcome run(Map<String, String> environment, Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine(environment, new PrintWriter(out), new PrintWriter(err));
        int exitCode = command.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
        return new Outcome(exitCode, out.toString(), err.toString());
    }
}
