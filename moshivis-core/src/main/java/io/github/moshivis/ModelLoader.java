package io.github.moshivis;

import io.github.moshivis.config.LmConfig;
import io.github.moshivis.config.ModelConfig;
import io.github.moshivis.config.ModelDirectory;
import io.github.moshivis.config.ModelFiles;
import io.github.moshivis.engine.Engine;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.model.ImageEncoder;
import io.github.moshivis.model.Providers;
import io.github.moshivis.model.SpeechCodec;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.weights.MatrixForm;
import io.github.moshivis.weights.PytorchNames;
import io.github.moshivis.weights.SafetensorsFile;
import io.github.moshivis.weights.TensorFile;
import io.github.moshivis.weights.TensorNames;
import io.github.moshivis.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads a model directory. What was loaded before a failure is freed. */
final class ModelLoader {
    /** Below this many parameters float32 is the default on the CPU. */
    private static final long SMALL_MODEL = 1_000_000_000L;

    private final LoadOptions options;
    private final List<Weights> weights = new ArrayList<>();

    private ModelLoader(LoadOptions options) {
        this.options = options;
    }

    static LoadedModel load(Path path, LoadOptions options) {
        ModelLoader loader = new ModelLoader(options);
        try {
            return loader.load(path);
        } catch (RuntimeException | Error e) {
            loader.weights.forEach(Weights::close);
            throw e;
        }
    }

    private LoadedModel load(Path path) {
        ModelDirectory directory = ModelDirectory.read(path);
        ModelConfig config = directory.config();
        ModelFiles files = directory.files();
        files = options.lmFile().map(files::withLm).orElse(files);
        files = options.mimiFile().map(files::withMimi).orElse(files);
        files = options.tokenizerFile().map(files::withTokenizer).orElse(files);
        files.checkPresent();
        LibTorch.load();
        LibTorch.require(options.device());
        Vocabulary vocabulary = vocabulary(files.tokenizer(), config.lm());

        TensorFile lmFile = SafetensorsFile.open(files.lm());
        DType dtype = dtype(lmFile);
        MatrixForm form = options.quantization().form();
        Weights lmWeights = open(lmFile, PytorchNames.table(config.lm().generatedStreams()), dtype, form);
        LanguageModel lm = LanguageModelLoader.load(
                lmWeights.as(dtype).in(form), config.lm(), options.norms().depth());
        ImageEncoder encoder = lm.hasCrossAttention() ? encoder(lmWeights, config, dtype) : null;
        lmWeights.verify(name -> encoder == null && name.startsWith("image_prefix."));

        Weights codecWeights = open(SafetensorsFile.open(files.mimi()), TensorNames.SAME, DType.F32, MatrixForm.DENSE);
        int codebooks = Math.max(config.lm().generatedStreams(), config.lm().userStreams());
        SpeechCodec codec = Providers.speechCodec().load(codecWeights.as(DType.F32), config.mimi(), codebooks);
        codecWeights.verify(name -> name.startsWith("quantizer."));

        int maxImageSize = encoder == null ? 0 : options.maxImageSize().orElse(encoder.defaultImageSize());
        Engine engine = Engine.start(new Engine.Parts(
                lm,
                codec,
                encoder,
                options.device(),
                options.maxConversations(),
                encoder == null ? 0 : encoder.tokens(maxImageSize),
                options.userAlignment().lag(),
                options.threads(),
                LibTorch.Pool.of(dtype, form.kind() != MatrixForm.Kind.DENSE)));
        return new LoadedModel(engine, encoder, maxImageSize, vocabulary, List.copyOf(weights));
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

    private DType dtype(TensorFile lmFile) {
        long parameters = lmFile.tensors().values().stream()
                .mapToLong(tensor -> tensor.spec().elements())
                .sum();
        Precision fallback = options.device().isCpu() && parameters < SMALL_MODEL ? Precision.F32 : Precision.BF16;
        return options.precision().orElse(fallback) == Precision.F32 ? DType.F32 : DType.BF16;
    }

    private Weights open(TensorFile file, TensorNames names, DType dtype, MatrixForm form) {
        Weights opened = new Weights(file, names, options.device());
        weights.add(opened);
        LibTorch.requireMemory(opened.copiedBytes(dtype, form));
        return opened;
    }

    private ImageEncoder encoder(Weights lmWeights, ModelConfig config, DType dtype) {
        try (Scope scope = Scope.open()) {
            return Providers.imageEncoder()
                    .load(
                            lmWeights.as(dtype).at("image"),
                            config,
                            options.norms().image());
        }
    }
}
