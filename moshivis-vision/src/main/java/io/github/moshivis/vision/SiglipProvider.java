package io.github.moshivis.vision;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.VisionConfig;
import io.github.moshivis.nn.LayerNorm;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.WeightReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the SigLIP encoder, found by {@link java.util.ServiceLoader}. Under {@code image.encoder.} our names are those of
 * transformers' {@code SiglipVisionModel}. Stateless.
 */
public final class SiglipProvider implements ImageEncoder.Provider {
    /** Called by the service loader. */
    public SiglipProvider() {}

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the language model sees no images
     */
    @Override
    public ImageEncoder load(WeightReader weights, ModelConfig config, RmsNorm.Spec imageNorm) {
        int dim = config.lm()
                .imageDim()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "Cannot load an image encoder: the language model has no"
                                        + " cross-attention (xa_dim is absent), expected one that sees images; load it without"));
        VisionConfig vision = config.vision();
        WeightReader encoder = weights.use(TensorRole.IMAGE_ENCODER, 0).at("encoder");
        WeightReader adapter = weights.use(TensorRole.VISION_ADAPTER, 0);
        PatchEmbedding embedding = embedding(encoder.at("embeddings"), vision);
        List<SiglipLayer> layers = new ArrayList<>();
        for (int i = 0; i < vision.layers(); i++) {
            layers.add(layer(encoder.at("encoder").at("layers").at(i), vision));
        }
        SiglipNetwork network = new SiglipNetwork(
                embedding,
                List.copyOf(layers),
                norm(encoder.at("post_layernorm"), vision),
                config.projectsImages() ? linear(adapter.at("projection"), dim, vision.hidden()) : null,
                new RmsNorm(adapter.tensor("norm", dim), imageNorm));
        return new SiglipEncoder(vision, network);
    }

    private static PatchEmbedding embedding(WeightReader part, VisionConfig config) {
        long patch = config.patchSize();
        return new PatchEmbedding(
                part.tensor("patch_embedding.weight", config.hidden(), config.channels(), patch, patch),
                part.tensor("patch_embedding.bias", config.hidden()),
                part.tensor("position_embedding.weight", config.positions(), config.hidden()),
                config.grid());
    }

    private static SiglipLayer layer(WeightReader part, VisionConfig config) {
        int hidden = config.hidden();
        WeightReader attention = part.at("self_attn");
        return new SiglipLayer(
                norm(part.at("layer_norm1"), config),
                linear(attention.at("q_proj"), hidden, hidden),
                linear(attention.at("k_proj"), hidden, hidden),
                linear(attention.at("v_proj"), hidden, hidden),
                linear(attention.at("out_proj"), hidden, hidden),
                config.heads(),
                norm(part.at("layer_norm2"), config),
                config.intermediate(),
                linear(part.at("mlp").at("fc1"), config.intermediate(), hidden),
                linear(part.at("mlp").at("fc2"), hidden, config.intermediate()));
    }

    private static LayerNorm norm(WeightReader part, VisionConfig config) {
        return new LayerNorm(
                part.tensor("weight", config.hidden()), part.tensor("bias", config.hidden()), config.normEpsilon());
    }

    private static Linear linear(WeightReader part, long out, long in) {
        return Linear.of(part.tensor("weight", out, in), part.tensor("bias", out));
    }
}
