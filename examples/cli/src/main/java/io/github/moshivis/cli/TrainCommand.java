package io.github.moshivis.cli;

import io.github.moshivis.train.model.NativeHeap;
import io.github.moshivis.train.tune.StepReport;
import io.github.moshivis.train.tune.Tuning;
import io.github.moshivis.train.tune.TuningFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis train}: fine-tunes a model on recorded dialogues. */
@Command(
        name = "train",
        description = {
            "Fine-tunes a model on recorded dialogues, as set in a YAML file with the keys of moshi-finetune: a"
                    + " low-rank adapter (lora.enable), the vision adapters (vision.enable), both, or all weights"
                    + " (full_finetuning). Prints the directory of the last checkpoint. Run the same command again to"
                    + " resume an interrupted run from its last checkpoint."
        },
        subcommands = {
            TrainTalksCommand.class,
            TrainQuestionsCommand.class,
            TrainNanoCommand.class,
            TrainLossCommand.class,
            TrainBenchCommand.class
        },
        sortOptions = false)
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Configuration file of the run.")
    private Path file;

    /** Line of the last step; used by the training thread. */
    private volatile String last;

    @Override
    public Integer call() {
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "Missing the configuration of the run: name a YAML file");
        }
        NativeHeap.keepFreed();
        StatusLine line = StatusLine.of(spec.commandLine().getErr());
        ModelOptions.announce(line);
        Optional<Path> checkpoint;
        try {
            checkpoint = new Tuning(TuningFile.read(file), report -> show(report, line)).run();
            if (last != null) {
                line.finish(List.of(last));
            }
        } finally {
            line.clear();
        }
        PrintWriter out = spec.commandLine().getOut();
        checkpoint.ifPresent(out::println);
        out.flush();
        return ExitCode.OK;
    }

    /** Shows one line that is rewritten on a terminal, and a line per step elsewhere. */
    private void show(StepReport report, StatusLine line) {
        last = report.line();
        line.update(List.of(last));
        line.say(last);
    }
}
