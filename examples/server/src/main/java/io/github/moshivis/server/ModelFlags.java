package io.github.moshivis.server;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model to serve and how to load it. */
final class ModelFlags {
    @Option(
            names = "--model",
            paramLabel = "DIR|FILE|OWNER/NAME",
            description =
                    "A model's directory, its language model file with the others beside it, or a name on the hub such"
                            + " as kyutai/moshika-vis-pytorch-bf16. Default: a bundled toy of random weights.")
    private String model;

    @Option(names = "--revision", paramLabel = "REV", description = "The branch, tag or commit of a model on the hub.")
    private String revision;

    @Option(names = "--lm", paramLabel = "FILE", description = "Another file for the language model.")
    private Path lm;

    @Option(names = "--mimi", paramLabel = "FILE", description = "Another file for the Mimi codec.")
    private Path mimi;

    @Option(names = "--tokenizer", paramLabel = "FILE", description = "Another file for the text tokenizer.")
    private Path tokenizer;

    @Option(
            names = "--precision",
            paramLabel = "f32|bf16",
            description = "What to compute in. Default: f32 for models of less than 1000 million weights, else bf16.")
    private Precision precision;

    @Option(
            names = "--quantize",
            paramLabel = "none|q8|q4|q4:GROUP|as-stored",
            description = "Bits of the language model's weights. Default: none.")
    private String quantization;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda[:N]|mps",
            defaultValue = "cpu",
            description = "What to compute on. Default: cpu.")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with. Default: all processors.")
    private Integer threads;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many callers talk at once. Memory for all of them is taken at the start. Default: 4.")
    private int slots;

    @Option(
            names = "--max-image-size",
            paramLabel = "N",
            defaultValue = "448",
            description = "Pixels a side that callers may have their pictures resized to at most. Default: 448.")
    private int maxImageSize;

    int slots() {
        return slots;
    }

    int maxImageSize() {
        return maxImageSize;
    }

    /** What callers are told: the last part of a path. */
    String shownName() {
        String name = model == null ? "bundled toy" : model;
        return name.substring(1 + Math.max(name.lastIndexOf('/', name.length() - 2), name.lastIndexOf('\\')));
    }

    /** Loads the model, which is fetched first if it is one of the hub's. */
    MoshiVis load() {
        LoadOptions options = LoadOptions.defaults().device(device);
        options = options.maxConversations(slots).maxImageSize(maxImageSize);
        options = lm == null ? options : options.lmFile(lm);
        options = mimi == null ? options : options.mimiFile(mimi);
        options = tokenizer == null ? options : options.tokenizerFile(tokenizer);
        options = precision == null ? options : options.precision(precision);
        options = quantization == null ? options : options.quantization(Quantization.parse(quantization));
        options = threads == null ? options : options.threads(threads);
        options = revision == null ? options : options.revision(revision);
        return model == null ? MoshiVis.load(BundledModel.unpack(), options) : MoshiVis.load(model, options);
    }
}
