package io.github.moshivis.train.model;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The temporal transformer over whole sequences.
 *
 * @param layers in their order
 * @param cross shared by the layers; null in a model without pictures
 */
record Backbone(
        List<BackboneLayer> layers, PictureAttention cross, RootNorm norm, RotaryEmbedding rotary, int context) {
    static Backbone of(Layers root, LmConfig config) {
        PictureAttention cross = config.seesImages() ? PictureAttention.of(root.at("cross"), config) : null;
        List<BackboneLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(BackboneLayer.of(root.at("temporal").at("layers").at(i), config, cross));
        }
        return new Backbone(
                List.copyOf(layers),
                cross,
                root.rootNorm("temporal.norm", config.dim(), RmsNorm.Spec.MEAN_OF_SQUARES),
                new RotaryEmbedding(config.headDim(), config.maxPeriod()),
                config.context());
    }

    /**
     * The result of a pass.
     *
     * @param hidden after the output norm, [B, T, D]
     * @param layers the residual stream after each layer, [B, T, D]
     * @param gates the mean gate of each layer, F32 [B, T]; empty if no row sees a picture
     */
    record Output(Tensor hidden, List<Tensor> layers, List<Tensor> gates) {}

    /** Passes embeddings [B, T, D] through, with the pictures that they see or null. */
    Output forward(Tensor embedded, Pictures pictures, Recomputation recomputation) {
        CausalSequence sequence = CausalSequence.of(embedded.size(1), context, rotary, embedded.device());
        Tensor keysValues = pictures == null ? null : cross.keysValues(pictures.features());
        List<Tensor> streams = new ArrayList<>();
        List<Tensor> gates = new ArrayList<>();
        Tensor x = embedded;
        for (BackboneLayer layer : layers) {
            Tensor[] results = pictures == null
                    ? recomputation.run(in -> layer.forward(in[0], sequence, null, null), x)
                    : recomputation.run(in -> layer.forward(in[0], sequence, in[1], pictures), x, keysValues);
            x = results[0];
            streams.add(x);
            if (results.length > 1) {
                gates.add(results[1]);
            }
        }
        Tensor hidden = recomputation.run(in -> new Tensor[] {norm.forward(in[0])}, x)[0];
        return new Output(hidden, streams, gates);
    }
}
