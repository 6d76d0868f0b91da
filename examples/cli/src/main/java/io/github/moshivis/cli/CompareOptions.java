package io.github.moshivis.cli;

import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ModelFlags;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that uses the same weights in several forms, one after the other. */
final class CompareOptions {
    @Option(
            names = "--compare",
            split = ",",
            paramLabel = "f32|bf16|q8|q4",
            description =
                    "Run the same weights in several forms, one after the other, and compare the results: precisions,"
                            + " or values of --quantize, computed in --precision.")
    private List<WeightChoice> choices = List.of();

    /** Returns the forms to use: the one that the model's flags name, if there are none to compare. */
    List<WeightChoice> forms(ModelFlags flags) {
        LoadOptions given = flags.apply(LoadOptions.defaults());
        return choices.isEmpty()
                ? List.of(new WeightChoice(flags.weights(), given.precision(), given.quantization()))
                : choices;
    }
}
