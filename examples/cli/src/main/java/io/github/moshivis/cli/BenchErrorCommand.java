package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.cli.bench.PrecisionErrors;
import io.github.moshivis.cli.bench.PrecisionErrors.Difference;
import io.github.moshivis.cli.bench.PrecisionErrors.Errors;
import io.github.moshivis.cli.bench.WeightForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares logits at each precision and quantization with those at float32: {@code moshivis bench error}. */
@Command(
        name = "error",
        description = "Compares a model's logits at each precision and quantization with those at float32."
                + " Differences are in units of the logits' standard deviation.")
final class BenchErrorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Model model;

    /** One of them. */
    private static final class Model {
        @Option(names = "--model", paramLabel = "DIR|FILE", description = "A model on disk.")
        private Path path;

        @Option(
                names = "--size",
                paramLabel = "tiny|mid|full",
                description = "Measure a model of this size with random weights, written to a temporary directory.")
        private Checkpoint.Size size;
    }

    @Mixin
    private RandomModel random;

    @Option(
            names = "--form",
            split = ",",
            paramLabel = "FORM",
            description =
                    "Forms to compare, separated by commas: bf16, 'q8 in f32', q8, q4, q4:64, q4:128, 'f32 compact',"
                            + " 'q4 compact'. Default: all of them.")
    private List<WeightForm> forms = Arrays.stream(WeightForm.values())
            .filter(form -> form != WeightForm.F32)
            .toList();

    @Option(names = "--steps", paramLabel = "N", description = "Number of steps. Default: 25, two seconds.")
    private int steps = 25;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        output.print("%-12s %8s %8s %6s  %8s %8s %6s%n", "form", "text", "max", "same", "audio", "max", "same");
        Path path = model.path == null ? random.write(model.size, spec, output) : model.path;
        output.progress("Measuring " + steps + " steps in float32 and in each form ...");
        List<Errors> errors;
        try {
            errors = PrecisionErrors.measure(path, steps, threads.count(), forms, this::print);
        } finally {
            output.clear();
        }
        output.end(document -> {
            document.put("steps", steps);
            errors.forEach(each -> {
                ObjectNode row = document.putObject(each.form().toString());
                put(row.putObject("text"), each.text());
                put(row.putObject("audio"), each.audio());
            });
        });
        return 0;
    }

    private void print(Errors errors) {
        output.print(
                "%-12s %8.5f %8.4f %4.0f %%  %8.5f %8.4f %4.0f %%%n",
                errors.form(),
                errors.text().mean(),
                errors.text().max(),
                100 * errors.text().sameChoice(),
                errors.audio().mean(),
                errors.audio().max(),
                100 * errors.audio().sameChoice());
    }

    private static void put(ObjectNode node, Difference difference) {
        node.put("mean", difference.mean()).put("max", difference.max()).put("same_choice", difference.sameChoice());
    }
}
