package io.github.moshivis.cli;

import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ModelFlags;
import java.util.List;
import picocli.CommandLine.Option;

/** Option to run the same weights in several forms, one after the other. */
final class CompareOptions {
    @Option(
            names = "--compare",
            split = ",",
            paramLabel = "f32|bf16|q8|q4",
            description =
                    "Run the same weights in several forms, one after the other, and compare the results: precisions,"
                            + " or values of --quantize, computed in --precision.")
    private List<WeightChoice> choices = List.of();

    /** Returns the forms to use; without {@code --compare}, the one of the model flags. */
    List<WeightChoice> forms(ModelFlags flags) {
        LoadOptions given = flags.apply(LoadOptions.defaults());
        return choices.isEmpty()
                ? List.of(new WeightChoice(flags.weights(), given.precision(), given.quantization()))
                : choices;
    }
}
