package io.github.moshivis.loading;

import io.github.moshivis.engine.Engine;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelFiles;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Norms;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.plugin.FileProgress;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.DeviceStream;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.weights.Adapter;
import io.github.moshivis.weights.ConfiguredSizes;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.WeightReader;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.CheckpointFormat;
import io.github.moshivis.weights.names.LanguageModelFiles;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.quant.MatrixForm;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Loads a model directory. Frees all weights if loading fails. */
public final class ModelLoader {
    /** Below this many parameters float32 is the default on the CPU. */
    private static final long SMALL_MODEL = 500_000_000L;

    /** The generators of PersonaPlex and of speech to text hear a frame one step later, as the Rust and MLX back ends do. */
    private static final int LATE = 1;

    /** States after a prompt that are kept: at full size some 100 MB each. */
    private static final int KEPT_PROMPTS = 4;

    private static final System.Logger LOG = System.getLogger(ModelLoader.class.getName());

    private final LoadOptions options;
    private final Device device;
    private final boolean speechToText;
    private final int minCodebooks;
    private final List<Weights> weights = new ArrayList<>();

    private ModelLoader(LoadOptions options, boolean speechToText, int minCodebooks) {
        this.options = options;
        this.device = OptionForms.device(options);
        this.speechToText = speechToText;
        this.minCodebooks = minCodebooks;
    }

    /**
     * Loads a model of conversations.
     *
     * @param minCodebooks codebooks of the codec that are needed besides the model's own number; 0 for none
     */
    public static LoadedModel load(Path path, LoadOptions options, int minCodebooks) {
        return new ModelLoader(options, false, minCodebooks).loadOrFree(path);
    }

    /** Loads a speech-to-text model. */
    public static LoadedModel loadSpeechToText(Path path, LoadOptions options) {
        return new ModelLoader(options, true, 0).loadOrFree(path);
    }

    private LoadedModel loadOrFree(Path path) {
        try {
            return load(path);
        } catch (OutOfMemoryError e) {
            weights.forEach(Weights::close);
            throw new NativeException(
                    "Cannot load " + path + ": memory does not suffice: found "
                            + LibTorch.firstLine(e.getMessage())
                            + ", expected room for weights and for the state of each"
                            + " conversation. Load fewer bits (LoadOptions.quantization) or conversations, or allow more memory (-Xmx,"
                            + " -Dorg.bytedeco.javacpp.maxPhysicalBytes)",
                    e);
        } catch (RuntimeException | Error e) {
            weights.forEach(Weights::close);
            throw e;
        }
    }

    private LoadedModel load(Path path) {
        int fixedBatch = options.checkedFixedBatch();
        ModelDirectory found = ModelDirectory.read(path);
        requireKind(path, found.config().lm());
        ModelDirectory directory = options.lmFile().map(found::lm).orElse(found);
        ModelFiles files = directory.files().lm(LanguageModelFile.locate(directory));
        files = options.mimiFile().map(files::mimi).orElse(files);
        files = options.tokenizerFile().map(files::tokenizer).orElse(files);
        files.checkPresent(options.needsTokenizer());
        LibTorch.load();
        LibTorch.require(device);
        try (KernelThreads kernelThreads = KernelThreads.start(options.threads());
                DeviceStream stream = DeviceStream.enter(device)) {
            return load(directory, files, fixedBatch, stream);
        }
    }

    /** Checked first, before errors about missing or wrong files that would mislead. */
    private void requireKind(Path path, LmConfig config) {
        if (config.isSpeechToText() && !speechToText) {
            throw new CheckpointException(
                    "Cannot talk with " + path + ": found a speech-to-text model (model_type stt),"
                            + " expected a model of conversations. Load it by SpeechToText.load, which transcribes speech,"
                            + " alone or beside a conversation");
        }
        if (speechToText && !config.isSpeechToText()) {
            throw new CheckpointException(
                    "Cannot transcribe with " + path + ": found no config.json of a speech-to-text model"
                            + " (model_type stt), expected one, as in kyutai/stt-1b-en_fr-candle. Check the path; load a"
                            + " model of conversations by MoshiVis.load");
        }
    }

    private LoadedModel load(ModelDirectory directory, ModelFiles files, int fixedBatch, DeviceStream stream) {
        LanguageModelFile lmFile = LanguageModelFile.open(files.lm(), directory);
        ModelConfig config = config(lmFile);
        int depthSteps = options.allDepthSteps() && lmFile.takesPrompts()
                ? config.lm().audioStreams()
                : config.lm().modelCodebooks();
        TensorNames names = lmFile.names(depthSteps);
        Norms norms = options.norms().orElse(defaultNorms(lmFile.file()));
        Weights lmWeights = new Weights(lmFile.file(), names, device, adapter(config, lmFile));
        weights.add(lmWeights);
        Vocabulary vocabulary = options.needsTokenizer()
                ? vocabulary(files.tokenizer(), config.lm())
                : Vocabulary.unknown(config.lm().textCard());
        MatrixForm form = OptionForms.matrices(options.quantization());
        Function<WeightReader, LanguageModel> lmLoading = reader ->
                LanguageModelLoader.load(reader.in(form), config.lm(), OptionForms.depthNorm(norms), depthSteps);
        WeightPlan plan = WeightPlan.of(lmLoading::apply);
        lmWeights.require(plan.tensors(), name -> names.isUnder("image.", name));
        DType dtype = dtype(plan);
        boolean encodes = config.lm().seesImages() && hasEncoder(lmFile);
        requireMemory(lmWeights, dtype, reader -> {
            lmLoading.apply(reader);
            if (encodes) {
                encoder(reader, config, norms);
            }
        });
        LanguageModel lm;
        ImageEncoder encoder;
        long bytes = lmFile.file().byteLength();
        String reading = "loading " + files.lm().getFileName();
        try (FileProgress progress = new FileProgress(options.progress(), reading, 0, bytes)) {
            lmWeights.onUse(progress::add);
            lm = lmLoading.apply(lmWeights.as(dtype));
            encoder = encodes ? encoder(lmWeights.as(dtype), config, norms) : null;
            lmWeights.verify(name -> !encodes && names.isUnder("image.", name));
            progress.advanced(bytes); // tensors that the model does not use count as read
            progress.succeeded();
        }

        SafetensorsFile codecFile = SafetensorsFile.open(files.mimi());
        Weights codecWeights = new Weights(codecFile, TensorNames.SAME, device);
        weights.add(codecWeights);
        ConfiguredSizes.require(codecFile, config.mimi());
        SpeechCodec.Forms codecForms = codecForms();
        int used = Math.max(config.lm().modelCodebooks(), config.lm().userCodebooks());
        int codebooks = Math.max(used, minCodebooks);
        Function<WeightReader, SpeechCodec> codecLoading =
                reader -> Providers.speechCodec().load(reader, codecForms, config.mimi(), codebooks);
        requireMemory(codecWeights, DType.F32, codecLoading::apply);
        SpeechCodec codec = codecLoading.apply(codecWeights.as(DType.F32));
        codecWeights.verify(name -> !codecForms.decodes() || name.startsWith("quantizer."));

        ImagePreparation images =
                lm.hasCrossAttention() ? images(encoder, config, LanguageModelFiles.imagePart(files.lm())) : null;
        int[][] silence = speechToText ? Silence.encode(codec, device) : new int[0][];
        stream.synchronize(); // the engine works on another stream
        Engine engine = Engine.start(new Engine.Parts(
                lm,
                codec,
                device,
                options.maxConversations(),
                images == null ? 0 : images.maxTokens(),
                speechToText || lmFile.takesPrompts()
                        ? LATE
                        : options.userAlignment().lag(),
                !speechToText
                        && !lmFile.takesPrompts()
                        && options.userAlignment().restartsCodec(),
                options.threads(),
                fixedBatch,
                options.compactKeys(),
                KEPT_PROMPTS,
                options.cudaGraphs()));
        WeightReads reads = WeightReadCounter.count(
                config.lm(), lmWeights.bytes(), codecWeights.bytes(), lm.positionBytes(options.compactKeys()));
        Voices voices = lmFile.takesPrompts() ? new Voices(files.lm().getParent(), vocabulary) : null;
        return new LoadedModel(
                config,
                files.mimi(),
                silence,
                engine,
                images,
                vocabulary,
                voices,
                directory.sampling(),
                reads,
                List.copyOf(weights));
    }

    /** The model's sizes, with the window that was chosen. The file is the caller's if there is an error. */
    private ModelConfig config(LanguageModelFile lmFile) {
        ModelConfig config = lmFile.config();
        int own = config.lm().context();
        int chosen = options.context().orElse(own);
        if (chosen > own) {
            lmFile.file().close();
            throw new IllegalArgumentException(
                    "LoadOptions.context is longer than what the model was trained with: found " + chosen
                            + " steps, expected at most " + own + "; lower it");
        }
        return new ModelConfig(config.lm().context(chosen), config.mimi(), config.vision());
    }

    private SpeechCodec.Forms codecForms() {
        boolean kernels = PackedMatrix.hasKernels(device);
        if (options.codecWeights().isPresent() && !kernels) {
            LOG.log(
                    Level.WARNING,
                    "The codec''s weights stay as they are: codecWeights={0} takes native kernels on the CPU",
                    options.codecWeights().get());
        }
        boolean quantized = !options.quantization().equals(Quantization.NONE);
        CodecWeights fallback = quantized ? CodecWeights.BF16_DECODER : CodecWeights.EXACT;
        CodecWeights chosen = kernels ? options.codecWeights().orElse(fallback) : CodecWeights.EXACT;
        SpeechCodec.Forms forms = OptionForms.codec(chosen);
        return speechToText ? forms.encoderOnly() : forms;
    }

    /** The adapter that the options name; null for none. The file is the caller's if there is an error. */
    private Adapter adapter(ModelConfig config, LanguageModelFile lmFile) {
        try {
            return Repositories.adapter(options)
                    .map(files -> Adapter.open(files, config.lm().modelCodebooks()))
                    .orElse(null);
        } catch (RuntimeException | Error e) {
            lmFile.file().close();
            throw e;
        }
    }

    /** Returns whether the encoder's tensors are present: conversations without pictures can do without them. */
    private static boolean hasEncoder(LanguageModelFile lmFile) {
        boolean there = lmFile.file().tensors().keySet().stream()
                .anyMatch(name -> lmFile.names().isUnder("image.encoder.", name));
        if (!there) {
            LOG.log(
                    Level.WARNING,
                    "{0} has no image encoder: only Image.features can be shown to this model",
                    LanguageModelFiles.imagePart(lmFile.file().path()));
        }
        return there;
    }

    private ImagePreparation images(ImageEncoder encoder, ModelConfig config, Path file) {
        int size = options.maxImageSize().orElse(config.vision().imageSize());
        int side = size / config.vision().patchSize();
        int tokens = Math.max(options.maxImageTokens(), encoder == null ? side * side : encoder.tokens(size));
        return new ImagePreparation(
                encoder, size, tokens, config.lm().imageDim().getAsInt(), device, file);
    }

    /** Requires enough memory for the weights that are copied; those copied to a GPU do not stay in the memory of this process. */
    private void requireMemory(Weights source, DType dtype, Consumer<WeightReader> loading) {
        if (device.isCpu()) {
            LibTorch.requireMemory(source.plan(dtype, loading).copiedBytes());
        }
    }

    private static Vocabulary vocabulary(Path file, LmConfig config) {
        Vocabulary vocabulary = Vocabulary.read(file);
        if (vocabulary.size() != config.textCard()) {
            throw new CheckpointException("Tokenizer " + file + " does not belong to this model: it has "
                    + vocabulary.size() + " pieces, expected " + config.textCard()
                    + " (text_card). Use the tokenizer of the model's repository");
        }
        return vocabulary;
    }

    /** Plain Moshi has never run with other norms than the Rust back end's. */
    private static Norms defaultNorms(TensorFile lmFile) {
        return CheckpointFormat.seesImages(lmFile.tensors().keySet()) ? Norms.PYTORCH : Norms.RUST;
    }

    private DType dtype(WeightPlan lm) {
        Precision fallback = device.isCpu() && lm.elements() < SMALL_MODEL ? Precision.F32 : Precision.BF16;
        return options.precision().orElse(fallback) == Precision.F32 ? DType.F32 : DType.BF16;
    }

    private static ImageEncoder encoder(WeightReader reader, ModelConfig config, Norms norms) {
        try (Scope scope = Scope.open()) {
            return Providers.imageEncoder().load(reader.at("image"), config, OptionForms.imageNorm(norms));
        }
    }
}
