package io.github.moshivis.cli;

import io.github.moshivis.train.nano.QuestionWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moshivis train questions}: questions about drawn shapes for evaluation. */
@Command(
        name = "questions",
        description = "Writes questions about drawn shapes with their correct answers for moshivis evaluate, spoken by"
                + " espeak-ng with voices that train talks does not use.",
        sortOptions = false)
final class TrainQuestionsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private GenerationOptions options;

    @Mixin
    private TalkDomainOptions domain;

    @Override
    public Integer call() throws IOException {
        Path list = new QuestionWriter(domain.domain(), options.seed()).write(options.out(), domain.count());
        spec.commandLine().getOut().println(list);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
