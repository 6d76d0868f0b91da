package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.WeightReader;

/** Stands for the modules that core cannot see: providers that ask for a few tensors of the released names and build nothing. */
final class PlannedParts {
    static final ImageEncoder.Provider ENCODER = (weights, config, norm) -> {
        WeightReader adapter = weights.use(TensorRole.VISION_ADAPTER, 0);
        WeightReader projection = adapter.at("projection");
        projection.tensor("weight", config.lm().dim(), config.vision().hidden());
        projection.tensor("bias", config.lm().dim());
        adapter.tensor("norm", config.lm().dim());
        weights.use(TensorRole.IMAGE_ENCODER, 0)
                .at("encoder")
                .at("post_layernorm")
                .tensor("weight", config.vision().hidden());
        return null;
    };

    /** A tensor of the decoder. */
    static final String DECODER = "decoder.model.0.conv.conv.bias";

    static final SpeechCodec.Provider CODEC = (weights, forms, config, codebooks) -> {
        for (int i = 0; i < codebooks; i++) {
            WeightReader part = i == 0
                    ? weights.at("quantizer.rvq_first.vq.layers.0._codebook")
                    : weights.at("quantizer.rvq_rest.vq.layers." + (i - 1) + "._codebook");
            part.tensor(
                    "embedding_sum",
                    config.quantizer().bins(),
                    config.quantizer().dimension());
            part.tensor("cluster_usage", config.quantizer().bins());
        }
        if (forms.decodes()) {
            weights.tensor(DECODER, config.seanet().dimension());
        }
        return null;
    };

    private PlannedParts() {}

    static ModelPlan plan(ModelConfig config) {
        return ModelPlan.of(config, ENCODER, CODEC);
    }
}
