package io.github.moshivis.cli;

import io.github.moshivis.train.nano.TalkWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moshivis train talks}: talks about drawn shapes to train on. */
@Command(
        name = "talks",
        description =
                "Writes talks about drawn shapes to train the bundled nano model on, spoken by the program espeak-ng.",
        sortOptions = false)
final class TrainTalksCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory of the talks.")
    private Path out;

    @Option(names = "--count", paramLabel = "N", defaultValue = "100", description = "Number of talks. Default: 100.")
    private int count;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "17.6",
            description = "Length of a talk. Default: 17.6, which are 220 frames.")
    private double seconds;

    @Mixin
    private TalkDomainOptions domain;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of everything random. Default: 0.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        Path list = new TalkWriter(domain.domain(), seconds, seed).write(out, count);
        spec.commandLine().getOut().println(list);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
