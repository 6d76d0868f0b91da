package io.github.moshivis.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of the commands that make something of random numbers. */
final class GenerationOptions {
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory to write to.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random choices. Default: 0.")
    private long seed;

    Path out() {
        return out;
    }

    long seed() {
        return seed;
    }
}
