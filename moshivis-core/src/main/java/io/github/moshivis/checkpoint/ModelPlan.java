package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.WeightReader;
import io.github.moshivis.weights.quant.MatrixForm;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The tensors of a whole model, asked of the code that loads it. Each part is planned when it is asked for, so that its configuration can be
 * checked before. Used by one thread.
 */
final class ModelPlan {
    /** Default of 4-bit quantization. */
    private static final MatrixForm INT4 = MatrixForm.int4(32);

    /** Norms have the same weights in whatever form they run. */
    private static final RmsNorm.Spec ANY_NORM = RmsNorm.Spec.MEAN_OF_SQUARES;

    private final ModelConfig config;
    private final Consumer<WeightReader> lmLoading;
    private final BiConsumer<WeightReader, SpeechCodec.Forms> codecLoading;
    private WeightPlan lm;
    private WeightPlan codec;

    private ModelPlan(
            ModelConfig config,
            Consumer<WeightReader> lmLoading,
            BiConsumer<WeightReader, SpeechCodec.Forms> codecLoading) {
        this.config = config;
        this.lmLoading = lmLoading;
        this.codecLoading = codecLoading;
    }

    static ModelPlan of(ModelConfig config, ImageEncoder.Provider encoder, SpeechCodec.Provider codec) {
        return new ModelPlan(
                config,
                weights -> {
                    LanguageModelLoader.load(weights, config.lm(), ANY_NORM);
                    if (config.lm().seesImages()) {
                        encoder.load(weights.in(MatrixForm.DENSE).at("image"), config, ANY_NORM);
                    }
                },
                (weights, forms) -> codec.load(
                        weights, forms, config.mimi(), config.mimi().quantizer().codebooks()));
    }

    /** The sizes. */
    ModelConfig config() {
        return config;
    }

    /** The language model and, under {@code image.}, the image encoder: the content of one file. */
    WeightPlan lm() {
        if (lm == null) {
            lm = lm(DType.F32, MatrixForm.DENSE);
        }
        return lm;
    }

    /** As {@link #lm()}, with tensors in fewer bits. */
    WeightPlan lm(DType dtype, MatrixForm form) {
        return WeightPlan.of(dtype, form, lmLoading);
    }

    /** The codec, with all codebooks of its file. */
    WeightPlan codec() {
        if (codec == null) {
            codec = WeightPlan.of(reader -> codecLoading.accept(reader, SpeechCodec.Forms.EXACT));
        }
        return codec;
    }

    /** The codec as it is loaded: speech to text does without the decoder. */
    private WeightPlan codecInUse() {
        return config.lm().isSpeechToText()
                ? WeightPlan.of(reader -> codecLoading.accept(reader, SpeechCodec.Forms.EXACT.encoderOnly()))
                : codec();
    }

    /** Computes the memory that the model takes. */
    Description.Memory memory() {
        LmConfig sizes = config.lm();
        long codecBytes = codecInUse().bytes();
        return new Description.Memory(
                lm().bytes() + codecBytes,
                lm(DType.BF16, MatrixForm.DENSE).bytes() + codecBytes,
                lm(DType.BF16, MatrixForm.INT8).bytes() + codecBytes,
                lm(DType.BF16, INT4).bytes() + codecBytes,
                (long) sizes.layers()
                        * sizes.context()
                        * KeysValues.bytesPerPosition(sizes.heads(), sizes.headDim(), DType.BF16));
    }
}
