package io.github.moshivis.cli;

import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Norms;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import io.github.moshivis.load.UserAlignment;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which model to use and how to load it: shared by all commands that need one. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "DIR|FILE|OWNER/NAME[@REV]",
            description =
                    "A model's directory, its language model file with the others beside it, or a name on the hub such"
                            + " as kyutai/moshika-vis-pytorch-bf16, which is fetched first. Default: a bundled toy of"
                            + " random weights.")
    private String model;

    @Mixin
    private HubOptions hubOptions;

    @Option(names = "--lm", paramLabel = "FILE", description = "Another file for the language model.")
    private Path lm;

    @Option(names = "--mimi", paramLabel = "FILE", description = "Another file for the Mimi codec.")
    private Path mimi;

    @Option(names = "--tokenizer", paramLabel = "FILE", description = "Another file for the text tokenizer.")
    private Path tokenizer;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda[:N]|mps",
            description = "Where to compute: cuda is the first NVIDIA GPU. Default: cpu.")
    private String device = "cpu";

    @Option(
            names = "--precision",
            paramLabel = "f32|bf16",
            description = "What to compute in. Default: f32 for models of less than 1000 million weights, else bf16.")
    private Precision precision;

    @Option(
            names = "--quantize",
            paramLabel = "none|q8|q4|q4:GROUP|as-stored",
            converter = QuantizationConverter.class,
            description =
                    "Bits of the language model's weights. q8 is the fastest, q4 the smallest, in groups of 32 weights"
                            + " unless another of 64, 128 or 256 is given; as-stored keeps what the file quantises. Default: none.")
    private Quantization quantization;

    @Option(
            names = "--user-alignment",
            paramLabel = "pytorch|rust",
            description = "When the model hears a frame of the user. Default: pytorch.")
    private UserAlignment userAlignment;

    @Option(
            names = "--norms",
            paramLabel = "pytorch|rust",
            description = "Which back end's norms to use. Default: pytorch; rust for plain Moshi.")
    private Norms norms;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    /** The options of loading that were given; all others have their defaults. */
    LoadOptions loadOptions() {
        LoadOptions options = LoadOptions.defaults();
        options = lm == null ? options : options.lmFile(lm);
        options = mimi == null ? options : options.mimiFile(mimi);
        options = tokenizer == null ? options : options.tokenizerFile(tokenizer);
        options = precision == null ? options : options.precision(precision);
        options = quantization == null ? options : options.quantization(quantization);
        options = userAlignment == null ? options : options.userAlignment(userAlignment);
        options = norms == null ? options : options.norms(norms);
        return options.device(device).threads(threads);
    }

    /** How the weights are loaded, as it was asked for. */
    String weights() {
        String type = precision == null ? "" : precision.name().toLowerCase(Locale.ROOT);
        String bits = quantization == null ? "" : quantization.toString();
        return type.isEmpty() && bits.isEmpty()
                ? "default"
                : bits.isEmpty() ? type : bits + (type.isEmpty() ? "" : " in " + type);
    }

    String device() {
        return device;
    }

    int threads() {
        return threads;
    }

    /**
     * Where the model that was named is, or the bundled one. If it is one of the hub's, it is fetched, and how that goes is shown.
     *
     * @param demo holds the bundled model
     * @param command the command that asks
     * @return a directory or a file, as {@link io.github.moshivis.MoshiVis#load(Path, LoadOptions)} takes it
     */
    Path path(Demo demo, CommandSpec command) {
        return model == null ? demo.model() : hubOptions.path(model, command);
    }
}
