package io.github.moshivis.load;

import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.tensor.Device;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * Options of loading a model. Immutable; every method returns a copy.
 *
 * <pre>{@code
 * MoshiVis.load("kyutai/moshika-vis-pytorch-bf16", LoadOptions.defaults().cuda(0).maxConversations(8))
 * }</pre>
 */
public final class LoadOptions {
    /** More than any device holds; each of them takes memory at load. */
    private static final int MAX_CONVERSATIONS = 4096;

    private static final int MAX_THREADS = 1024;

    /** Sixteen times the released model's width and height. */
    private static final int MAX_PIXELS = 7168;

    private static final int MAX_TOKENS = 1 << 18;

    private static final int MAX_STEPS = 1 << 20;

    private static final LoadOptions DEFAULTS = new LoadOptions(new Values());

    private final Values values;

    private LoadOptions(Values values) {
        this.values = values;
    }

    /** Values of all options; not changed once they belong to options. */
    private static final class Values implements Cloneable {
        private Device device = Device.CPU;
        private Precision precision;
        private Quantization quantization = Quantization.NONE;
        private int maxConversations = 1;
        private Integer fixedBatch;
        private Integer maxImageSize;
        private int maxImageTokens;
        private Norms norms;
        private UserAlignment userAlignment = UserAlignment.PYTORCH;
        private boolean cudaGraphs = true;
        private boolean compactKeys;
        private CodecWeights codecWeights;
        private Integer context;
        private boolean allDepthSteps;
        private int threads = Runtime.getRuntime().availableProcessors();
        private Path lmFile;
        private Path mimiFile;
        private Path tokenizerFile;
        private String adapter;
        private boolean withoutTokenizer;
        private String revision;
        private String token;
        private ProgressListener progress = ProgressListener.NONE;

        Values copy() {
            try {
                return (Values) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /**
     * The defaults: CPU, all its processors, one conversation.
     *
     * @return the defaults
     */
    public static LoadOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Runs on the processor. The default.
     *
     * @return a copy
     */
    public LoadOptions cpu() {
        return on(Device.CPU);
    }

    /**
     * Runs on an NVIDIA GPU.
     *
     * @param index which one, from 0
     * @return a copy
     */
    public LoadOptions cuda(int index) {
        return on(Device.cuda(index));
    }

    /**
     * Runs on the Apple GPU, where LibTorch reports it.
     *
     * @return a copy
     */
    public LoadOptions mps() {
        return on(Device.MPS);
    }

    /**
     * Runs on the device of that name, as it stands in a configuration.
     *
     * @param name {@code cpu}, {@code cuda} (the first NVIDIA GPU), {@code cuda:1} or {@code mps}
     * @return a copy
     * @throws IllegalArgumentException if there is no such name
     */
    public LoadOptions device(String name) {
        Objects.requireNonNull(name, "name");
        return on(Device.parse(name));
    }

    private LoadOptions on(Device other) {
        return with(copy -> copy.device = other);
    }

    /**
     * Sets the type to compute in. The default is float32 for models of less than 500 million parameters on the CPU, else
     * bfloat16.
     *
     * @param value the type
     * @return a copy
     */
    public LoadOptions precision(Precision value) {
        return with(copy -> copy.precision = Objects.requireNonNull(value, "precision"));
    }

    /**
     * Sets how many bits the language model's weights are held in.
     *
     * @param value default {@link Quantization#NONE}
     * @return a copy
     */
    public LoadOptions quantization(Quantization value) {
        return with(copy -> copy.quantization = Objects.requireNonNull(value, "quantization"));
    }

    /**
     * Sets whether keys and values of past steps and pictures are held in 8 bits, with a scale for each position of each head, in place of
     * the model's type: a quarter to a half of their memory, and of the time to read it in each step of a long conversation. What that
     * costs in accuracy is in {@code docs/quantization.md}. On the CPU with native kernels; elsewhere it is logged and has no effect.
     *
     * @param value default false
     * @return a copy
     */
    public LoadOptions compactKeys(boolean value) {
        return with(copy -> copy.compactKeys = value);
    }

    /**
     * Sets whether a PersonaPlex computes all depth steps that it stores. The second half predicts the user's codes, which its training needs:
     * tokens and sound stay the same, and a step takes longer. For measurements and comparisons; no difference for other models.
     *
     * @param value default false: only the steps whose output is used
     * @return a copy
     */
    public LoadOptions allDepthSteps(boolean value) {
        return with(copy -> copy.allDepthSteps = value);
    }

    /**
     * Makes each step see fewer past steps than the model was trained with (3000 in the released one, four minutes): less memory for each
     * conversation and less to read in each step, which from 32 conversations on a GPU is most of what is read. The model forgets what was
     * said before, its own words too. It has seen young conversations in training, but never one whose beginning is gone sooner than after
     * its own window; the quality of speech with a shorter one was not measured. A minute, 750 steps, is a cautious choice; a prompt
     * has to fit.
     *
     * @param steps steps of 80 ms, the present one included; 1 to the model's own, which is the default and checked at load
     * @return a copy
     */
    public LoadOptions context(int steps) {
        return with(copy -> copy.context = from1("context", steps, MAX_STEPS));
    }

    /**
     * Sets in how many bits the codec's weights are held, on the CPU with native kernels; elsewhere it is logged and has no effect.
     *
     * @param value default {@link CodecWeights#BF16_DECODER} with a {@link #quantization}, else {@link CodecWeights#EXACT}
     * @return a copy
     */
    public LoadOptions codecWeights(CodecWeights value) {
        return with(copy -> copy.codecWeights = Objects.requireNonNull(value, "codecWeights"));
    }

    /**
     * Sets how many conversations can be open at once. Memory for all of them is taken at load.
     *
     * @param value 1 or more; default 1
     * @return a copy
     */
    public LoadOptions maxConversations(int value) {
        return with(copy -> copy.maxConversations = from1("maxConversations", value, MAX_CONVERSATIONS));
    }

    /**
     * Makes every step compute this many rows, however many conversations talk, so that their number does not change how sums are
     * rounded: a conversation then yields exactly the tokens that it would yield alone. Costs the time and the memory of this many conversations.
     *
     * @param rows at least {@link #maxConversations}, which is checked at load; default as few as the open conversations need
     * @return a copy
     */
    public LoadOptions fixedBatch(int rows) {
        return with(copy -> copy.fixedBatch = from1("fixedBatch", rows, MAX_CONVERSATIONS));
    }

    /**
     * Sets the largest image size that conversations may ask for. Memory for it is taken at load.
     *
     * @param value pixels a side; default the size the encoder was trained with
     * @return a copy
     */
    public LoadOptions maxImageSize(int value) {
        return with(copy -> copy.maxImageSize = from1("maxImageSize", value, MAX_PIXELS));
    }

    /**
     * Makes room for pictures of more tokens than {@link #maxImageSize} gives them: for {@link io.github.moshivis.io.Image#features}.
     *
     * @param value tokens
     * @return a copy
     */
    public LoadOptions maxImageTokens(int value) {
        return with(copy -> copy.maxImageTokens = from1("maxImageTokens", value, MAX_TOKENS));
    }

    /**
     * Sets which norms to use.
     *
     * @param value default {@link Norms#PYTORCH} for a checkpoint of a model that sees images, {@link Norms#RUST} for plain Moshi
     * @return a copy
     */
    public LoadOptions norms(Norms value) {
        return with(copy -> copy.norms = Objects.requireNonNull(value, "norms"));
    }

    /**
     * Sets when the model hears a frame of the user.
     *
     * @param value default {@link UserAlignment#PYTORCH}
     * @return a copy
     */
    public LoadOptions userAlignment(UserAlignment value) {
        return with(copy -> copy.userAlignment = Objects.requireNonNull(value, "userAlignment"));
    }

    /**
     * Sets how many threads matrix products may use on the CPU. The setting is LibTorch's and process-wide.
     *
     * @param value 1 or more; default all processors
     * @return a copy
     */
    public LoadOptions threads(int value) {
        return with(copy -> copy.threads = from1("threads", value, MAX_THREADS));
    }

    /**
     * Sets whether steps on an NVIDIA GPU are recorded as CUDA graphs and replayed, which is much faster where few conversations
     * talk. If that fails, it is logged once and steps go on without. Turn it off to profile a GPU.
     *
     * @param value default true; makes no difference elsewhere
     * @return a copy
     */
    public LoadOptions cudaGraphs(boolean value) {
        return with(copy -> copy.cudaGraphs = value);
    }

    /**
     * Takes the language model from another file than the model directory's.
     *
     * @param file a checkpoint
     * @return a copy
     */
    public LoadOptions lmFile(Path file) {
        return with(copy -> copy.lmFile = Objects.requireNonNull(file, "lmFile"));
    }

    /**
     * Takes the Mimi codec from another file than the model directory's.
     *
     * @param file a checkpoint
     * @return a copy
     */
    public LoadOptions mimiFile(Path file) {
        return with(copy -> copy.mimiFile = Objects.requireNonNull(file, "mimiFile"));
    }

    /**
     * Takes the text tokenizer from another file than the model directory's.
     *
     * @param file a SentencePiece model
     * @return a copy
     */
    public LoadOptions tokenizerFile(Path file) {
        return with(copy -> copy.tokenizerFile = Objects.requireNonNull(file, "tokenizerFile"));
    }

    /**
     * Fuses a low-rank adapter of moshi-finetune into the language model: {@code W + scaling * B A}, before any quantization. A base that
     * is quantized already is expanded, fused and, if asked for, quantized again, which costs precision. An adapter of the part that sees
     * pictures replaces its tensors.
     *
     * @param pathOrName {@code lora.safetensors} with {@code config.json} beside it, their directory, a checkpoint's directory, or
     *     {@code owner/name}, {@code owner/name/folder} or either with {@code @revision} on a model hub, where exactly this folder
     *     holds the two files
     * @return a copy
     */
    public LoadOptions adapter(String pathOrName) {
        return with(copy -> copy.adapter = Objects.requireNonNull(pathOrName, "adapter"));
    }

    /**
     * Fuses a low-rank adapter; see {@link #adapter(String)}.
     *
     * @param path its file or directory
     * @return a copy
     */
    public LoadOptions adapter(Path path) {
        Objects.requireNonNull(path, "path");
        return adapter(path.toString());
    }

    /**
     * Loads the model although it has no text tokenizer, for measurements or where only tokens matter: text pieces have their tokens,
     * but no text.
     *
     * @return a copy
     */
    public LoadOptions withoutTokenizer() {
        return with(copy -> copy.withoutTokenizer = true);
    }

    /**
     * Sets which revision of the model to take from a model hub. An adapter's stands in its name.
     *
     * @param value a branch, tag or commit
     * @return a copy
     */
    public LoadOptions revision(String value) {
        return with(copy -> copy.revision = Objects.requireNonNull(value, "revision"));
    }

    /**
     * Sets the access token for a model hub. It is never logged.
     *
     * @param value the token; by default the one that the hub's tools have stored
     * @return a copy
     */
    public LoadOptions token(String value) {
        return with(copy -> copy.token = Objects.requireNonNull(value, "token"));
    }

    /**
     * Sets the listener that hears of downloads, and then of the loading and quantizing of the language model's file, whose name begins
     * with {@code loading}.
     *
     * @param listener called from the loading thread
     * @return a copy
     */
    public LoadOptions progress(ProgressListener listener) {
        return with(copy -> copy.progress = Objects.requireNonNull(listener, "progress"));
    }

    /** Returns a copy with one change. */
    private LoadOptions with(Consumer<Values> change) {
        Values copy = values.copy();
        change.accept(copy);
        return new LoadOptions(copy);
    }

    private static int from1(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "LoadOptions." + name + " must be from 1 to " + most + ", found " + value + "; correct it");
        }
        return value;
    }

    /** {@return the device that computes: {@code cpu}, {@code cuda:N} or {@code mps}} */
    public String device() {
        return values.device.name();
    }

    /** {@return the precision of the weights, if chosen} */
    public Optional<Precision> precision() {
        return Optional.ofNullable(values.precision);
    }

    /** {@return the form of the weights} */
    public Quantization quantization() {
        return values.quantization;
    }

    /** {@return how many conversations share the model} */
    public int maxConversations() {
        return values.maxConversations;
    }

    /** {@return rows of every tick; 0 for as few as needed} */
    public int checkedFixedBatch() {
        if (values.fixedBatch != null && values.fixedBatch < values.maxConversations) {
            throw new IllegalArgumentException(
                    "LoadOptions.fixedBatch must have room for all conversations: found " + values.fixedBatch
                            + ", expected at least maxConversations = " + values.maxConversations + "; raise it");
        }
        return values.fixedBatch == null ? 0 : values.fixedBatch;
    }

    /** {@return pixels a side of the largest picture, if chosen} */
    public OptionalInt maxImageSize() {
        return values.maxImageSize == null ? OptionalInt.empty() : OptionalInt.of(values.maxImageSize);
    }

    /** {@return tokens of the largest picture} */
    public int maxImageTokens() {
        return values.maxImageTokens;
    }

    /** {@return the form of the norms, if chosen} */
    public Optional<Norms> norms() {
        return Optional.ofNullable(values.norms);
    }

    /** {@return the alignment of the user stream} */
    public UserAlignment userAlignment() {
        return values.userAlignment;
    }

    /** {@return threads of products on the CPU} */
    public int threads() {
        return values.threads;
    }

    /** {@return whether ticks on an NVIDIA GPU are recorded and replayed} */
    public boolean cudaGraphs() {
        return values.cudaGraphs;
    }

    /**
     * Returns whether keys and values are held in 8 bits.
     *
     * @return whether
     */
    public boolean compactKeys() {
        return values.compactKeys;
    }

    /** {@return whether all depth steps of a PersonaPlex are computed} */
    public boolean allDepthSteps() {
        return values.allDepthSteps;
    }

    /** {@return the past steps that a step sees, if chosen} */
    public OptionalInt context() {
        return values.context == null ? OptionalInt.empty() : OptionalInt.of(values.context);
    }

    /** {@return the form of the codec's weights, if chosen} */
    public Optional<CodecWeights> codecWeights() {
        return Optional.ofNullable(values.codecWeights);
    }

    /** {@return the language model file, if chosen} */
    public Optional<Path> lmFile() {
        return Optional.ofNullable(values.lmFile);
    }

    /** {@return the Mimi file, if chosen} */
    public Optional<Path> mimiFile() {
        return Optional.ofNullable(values.mimiFile);
    }

    /** {@return the tokenizer file, if chosen} */
    public Optional<Path> tokenizerFile() {
        return Optional.ofNullable(values.tokenizerFile);
    }

    /** {@return path or name of the adapter, if one is fused} */
    public Optional<String> adapter() {
        return Optional.ofNullable(values.adapter);
    }

    /** {@return whether a tokenizer is required} */
    public boolean needsTokenizer() {
        return !values.withoutTokenizer;
    }

    /** {@return the revision on the hub, if chosen} */
    public Optional<String> revision() {
        return Optional.ofNullable(values.revision);
    }

    /** {@return the access token for the hub, if chosen} */
    public Optional<String> token() {
        return Optional.ofNullable(values.token);
    }

    /** {@return the listener of download and loading progress} */
    public ProgressListener progress() {
        return values.progress;
    }

    /** {@return the options that were chosen, and the device, the form of the weights, conversations and threads; without the token} */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "LoadOptions[", "]");
        text.add("device=" + values.device).add("quantization=" + values.quantization);
        text.add("maxConversations=" + values.maxConversations).add("threads=" + values.threads);
        chosen(text, "precision", values.precision);
        chosen(text, "fixedBatch", values.fixedBatch);
        chosen(text, "maxImageSize", values.maxImageSize);
        chosen(text, "maxImageTokens", values.maxImageTokens == 0 ? null : values.maxImageTokens);
        chosen(text, "norms", values.norms);
        chosen(text, "userAlignment", values.userAlignment == UserAlignment.PYTORCH ? null : values.userAlignment);
        chosen(text, "cudaGraphs", values.cudaGraphs ? null : false);
        chosen(text, "compactKeys", values.compactKeys ? true : null);
        chosen(text, "codecWeights", values.codecWeights);
        chosen(text, "context", values.context);
        chosen(text, "allDepthSteps", values.allDepthSteps ? true : null);
        chosen(text, "lmFile", values.lmFile);
        chosen(text, "mimiFile", values.mimiFile);
        chosen(text, "tokenizerFile", values.tokenizerFile);
        chosen(text, "adapter", values.adapter);
        chosen(text, "withoutTokenizer", values.withoutTokenizer ? true : null);
        chosen(text, "revision", values.revision);
        return text.toString();
    }

    private static void chosen(StringJoiner text, String name, Object value) {
        if (value != null) {
            text.add(name + "=" + value);
        }
    }
}
