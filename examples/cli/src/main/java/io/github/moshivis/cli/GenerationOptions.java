package io.github.moshivis.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Output and seed of commands that generate data. */
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
