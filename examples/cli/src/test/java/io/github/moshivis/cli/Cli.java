package io.github.moshivis.cli;

import io.github.moshivis.Golden;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
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

    /** Runs a command with environment variables, which say which hub and which cache it uses. */
    static Outcome run(Map<String, String> environment, Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine(environment, new PrintWriter(out), new PrintWriter(err));
        int exitCode = command.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
        return new Outcome(exitCode, out.toString(), err.toString());
    }
}
