package io.github.moshivis.programs;

import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Flags that name a model and set how to load it. */
@OptionHeading("Model")
public final class ModelFlags {
    @Option(
            names = "--model",
            paramLabel = "DIR|FILE|OWNER/NAME[@REV]",
            description =
                    "A model's directory, its language model file with the others beside it, or a name on the hub such"
                            + " as kyutai/moshika-vis-pytorch-bf16, which is downloaded first. Default for conversations: the bundled nano model,"
                            + " which answers questions about drawn shapes.")
    private String model;

    @Option(
            names = "--toy",
            description = "Use a bundled toy model with random weights, which babbles; for parity checks.")
    private boolean toy;

    @Option(names = "--lm", paramLabel = "FILE", description = "Use another file for the language model.")
    private Path lm;

    @Option(names = "--mimi", paramLabel = "FILE", description = "Use another file for the Mimi codec.")
    private Path mimi;

    @Option(names = "--tokenizer", paramLabel = "FILE", description = "Use another file for the text tokenizer.")
    private Path tokenizer;

    @Option(
            names = "--adapter",
            paramLabel = "DIR|FILE|OWNER/NAME[/FOLDER]",
            description = "A low-rank adapter of moshi-finetune to fuse into the language model: lora.safetensors with"
                    + " config.json beside it.")
    private String adapter;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda[:N]|mps",
            defaultValue = "cpu",
            description = "Device to use; cuda is the first NVIDIA GPU. Default: cpu.")
    private String device;

    @Option(
            names = "--precision",
            paramLabel = "f32|bf16",
            description =
                    "Type of computation. Default: f32 for models of less than 500 million weights, otherwise bf16.")
    private Precision precision;

    @Option(
            names = "--quantize",
            paramLabel = "none|q8|q4|q4:GROUP|as-stored",
            description =
                    "Quantization of the language model. q8: 8 bits; q4: 4 bits, the smallest and on a CPU the fastest,"
                            + " in groups of 32 weights unless 64, 128 or 256 is given; as-stored: keep the quantization of the"
                            + " file. Default: none.")
    private Quantization quantization;

    @Option(
            names = "--compact-keys",
            description = "Store keys and values of past steps and pictures in 8 bits: less memory, faster long"
                    + " conversations.")
    private boolean compactKeys;

    @Option(
            names = "--all-depth-steps",
            description = "Compute all depth steps of a PersonaPlex model, not only those whose output is used; for"
                    + " measurements.")
    private boolean allDepthSteps;

    @Option(
            names = "--context",
            paramLabel = "N",
            description =
                    "Number of past steps of 80 ms that the model attends to. Fewer need less memory and time, but the"
                            + " model forgets earlier steps. Default: the number it was trained with.")
    private Integer context;

    @Option(
            names = "--codec-weights",
            paramLabel = "exact|bf16-decoder|bf16|int8",
            description =
                    "Precision of the codec's weights on the CPU. Default: bf16-decoder with --quantize, otherwise"
                            + " exact.")
    private CodecWeights codecWeights;

    @Option(names = "--threads", paramLabel = "N", description = "Number of CPU threads. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    /** Creates flags with their defaults; picocli fills them in. */
    public ModelFlags() {}

    /**
     * Returns the named model.
     *
     * @return a path or a name on the hub; empty for a bundled model
     * @throws IllegalArgumentException if {@code --toy} is also given
     */
    public Optional<String> model() {
        if (toy && model != null) {
            throw new IllegalArgumentException("Cannot choose a model: found --toy and --model " + model
                    + ", expected one of them. Leave one out");
        }
        return Optional.ofNullable(model).filter(name -> !name.equals(BundledModel.NANO));
    }

    /**
     * Returns the model's name for people.
     *
     * @return the last part of what was named, or the name of the bundled model
     */
    public String shownName() {
        String name = model().orElse(toy ? "toy" : BundledModel.NANO);
        return name.substring(1 + Math.max(name.lastIndexOf('/', name.length() - 2), name.lastIndexOf('\\')));
    }

    /**
     * Returns whether the model is the bundled toy.
     *
     * @return true if {@code --toy} was given
     */
    public boolean isToy() {
        return toy;
    }

    /**
     * Returns the bundled default: the toy's bundle with {@code --toy}, else nano's.
     *
     * @return a demo of which nothing is unpacked yet
     */
    public Demo demo() {
        return toy ? new ToyDemo() : new NanoDemo();
    }

    /**
     * Applies the flags to a second model: device and precision, not its files.
     *
     * @return default options with device, threads, precision and quantization as they were given
     */
    public LoadOptions beside() {
        return computing(LoadOptions.defaults());
    }

    private LoadOptions computing(LoadOptions defaults) {
        LoadOptions options = defaults.device(device).threads(threads).compactKeys(compactKeys);
        options = precision == null ? options : options.precision(precision);
        return quantization == null ? options : options.quantization(quantization);
    }

    /**
     * Applies the flags that were given.
     *
     * @param defaults the options to change
     * @return the changed options
     * @throws IllegalArgumentException if a value is out of range
     */
    public LoadOptions apply(LoadOptions defaults) {
        LoadOptions options = computing(defaults).allDepthSteps(allDepthSteps);
        options = lm == null ? options : options.lmFile(lm);
        options = mimi == null ? options : options.mimiFile(mimi);
        options = tokenizer == null ? options : options.tokenizerFile(tokenizer);
        options = adapter == null ? options : options.adapter(adapter);
        options = context == null ? options : options.context(context);
        return codecWeights == null ? options : options.codecWeights(codecWeights);
    }

    /**
     * Describes the given precision and quantization.
     *
     * @return such as {@code q8 in bf16}; {@code default} if neither was given
     */
    public String weights() {
        String type = precision == null ? "" : precision.name().toLowerCase(Locale.ROOT);
        String bits = quantization == null ? "" : quantization.toString();
        return type.isEmpty() && bits.isEmpty()
                ? "default"
                : bits.isEmpty() ? type : bits + (type.isEmpty() ? "" : " in " + type);
    }

    /**
     * Returns the device.
     *
     * @return such as {@code cpu}
     */
    public String device() {
        return device;
    }

    /**
     * Returns the number of threads.
     *
     * @return at least 1 if it is valid; checked by {@link #apply}
     */
    public int threads() {
        return threads;
    }
}
