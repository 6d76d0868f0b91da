package io.github.moshivis.cli;

import io.github.moshivis.train.tune.TeacherForcing;
import io.github.moshivis.train.tune.TuningFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis train loss}: loss of a model on recordings before training. */
@Command(
        name = "loss",
        description = "Measures how well the model of a configuration file predicts its recordings before training. If"
                + " words are aligned with wrong frames, few are predicted correctly.",
        sortOptions = false)
final class TrainLossCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "Configuration file of the run.")
    private Path file;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "20",
            description = "Number of stretches to read, from the start of the lists. Default: 20.")
    private int count;

    @Override
    public Integer call() {
        Checks.atLeast(spec, "--count", count, 1);
        TeacherForcing.Report report = new TeacherForcing(TuningFile.read(file)).measure(count);
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-16s %8s %8s %8s%n", "tokens", "count", "loss", "right");
        print(out, "words", report.words());
        print(out, "end of padding", report.ends());
        print(out, "padding", report.padding());
        for (int k = 0; k < report.codebooks().size(); k++) {
            print(out, "codebook " + (k + 1), report.codebooks().get(k));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void print(PrintWriter out, String tokens, TeacherForcing.Part part) {
        out.printf(Locale.ROOT, "%-16s %8d %8.4f %8.3f%n", tokens, part.count(), part.loss(), part.right());
    }
}
