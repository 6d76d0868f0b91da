package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.weights.WeightPlan;

/**
 * The tensors of a whole model, asked of the code that loads it.
 *
 * @param config the sizes
 * @param lm the language model and, under {@code image.}, the image encoder: what is in one file
 * @param codec the codec, with all codebooks of its file
 */
record ModelPlan(ModelConfig config, WeightPlan lm, WeightPlan codec) {
    /** Norms have the same weights in whatever form they run. */
    private static final RmsNorm.Spec ANY_NORM = RmsNorm.Spec.MEAN_OF_SQUARES;

    static ModelPlan of(ModelConfig config, ImageEncoder.Provider encoder, SpeechCodec.Provider codec) {
        WeightPlan lm = WeightPlan.of(weights -> {
            LanguageModelLoader.load(weights, config.lm(), ANY_NORM);
            if (config.lm().seesImages()) {
                encoder.load(weights.at("image"), config, ANY_NORM);
            }
        });
        int codebooks = config.mimi().quantizer().codebooks();
        return new ModelPlan(config, lm, WeightPlan.of(weights -> codec.load(weights, config.mimi(), codebooks)));
    }
}
