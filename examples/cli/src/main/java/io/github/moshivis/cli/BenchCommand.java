package io.github.moshivis.cli;

import picocli.CommandLine.Command;

/** Holds the benchmarks: {@code moshivis bench}. */
@Command(
        name = "bench",
        description = "Measures the speed of this machine.",
        subcommands = {
            BenchStepCommand.class,
            BenchTranscribeCommand.class,
            BenchLinearCommand.class,
            BenchErrorCommand.class,
            BenchCodesCommand.class,
            BenchOpusCommand.class
        })
final class BenchCommand {}
