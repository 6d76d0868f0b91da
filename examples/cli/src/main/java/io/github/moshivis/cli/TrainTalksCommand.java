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

/** {@code moshivis train talks}: dialogues about drawn shapes for training. */
@Command(
        name = "talks",
        description = "Writes dialogues about drawn shapes for training the bundled nano model, spoken by espeak-ng.",
        sortOptions = false)
final class TrainTalksCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private GenerationOptions options;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "17.6",
            description = "Length of a dialogue. Default: 17.6, which is 220 frames.")
    private double seconds;

    @Mixin
    private TalkDomainOptions domain;

    @Override
    public Integer call() throws IOException {
        Path list = new TalkWriter(domain.domain(), seconds, options.seed()).write(options.out(), domain.count());
        spec.commandLine().getOut().println(list);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
