package io.github.moshivis.cli;

import picocli.CommandLine.Option;

/** The number of CPU threads, for commands that do not load a model as {@link ModelOptions} do. */
final class ThreadsOption {
    @Option(names = "--threads", paramLabel = "N", description = "Number of CPU threads. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    int count() {
        return threads;
    }
}
