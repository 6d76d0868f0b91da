package io.github.moshivis.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Steps of a measurement, shared by the benchmarks that run a model. */
final class BenchSteps {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--frames", paramLabel = "N", description = "Number of measured frames. Default: ${DEFAULT-VALUE}.")
    private int frames = 100;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Number of frames before the measurement. Default: ${DEFAULT-VALUE}.")
    private int warmup;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "Start as if N steps had passed, so that attention covers them. Default: ${DEFAULT-VALUE}.")
    private int window;

    /** Creates the options with a default of {@code --warmup}. */
    BenchSteps(int warmup) {
        this.warmup = warmup;
    }

    /** Refuses values out of range. */
    void check() {
        Checks.atLeast(command, "--frames", frames, 1);
        Checks.atLeast(command, "--warmup", warmup, 0);
        Checks.atLeast(command, "--window", window, 0);
    }

    int frames() {
        return frames;
    }

    int warmup() {
        return warmup;
    }

    int window() {
        return window;
    }

    /** Returns the number of all frames. */
    int total() {
        return warmup + frames;
    }

    /** Returns the number of past steps in the middle of the measurement. */
    long pastSteps() {
        return (long) window + warmup + frames / 2;
    }
}
