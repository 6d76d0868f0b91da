package io.github.moshivis.train.model;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Mimi's causal transformer over whole sequences, no norm after the last layer.
 *
 * @param layers in their order
 * @param context steps that a step sees, itself included
 */
record CodecNetwork(List<Layer> layers, RotaryEmbedding rotary, int context) {
    private static final double NORM_EPSILON = 1e-5; // nn.LayerNorm's own

    /**
     * Attention and feed-forward network (GELU, no biases), each scaled channel by channel before it is added.
     *
     * @param attentionScale [D]
     * @param feedForwardScale [D]
     */
    record Layer(
            CenteredNorm attentionNorm,
            CausalAttention attention,
            Parameter attentionScale,
            CenteredNorm feedForwardNorm,
            Projection feedForwardInput,
            Projection feedForwardOutput,
            Parameter feedForwardScale) {
        private Tensor forward(Tensor x, CausalSequence sequence) {
            Tensor attended = attention.forward(attentionNorm.forward(x), sequence);
            Tensor hidden = x.add(attended.mul(attentionScale.value()));
            Tensor wide = Ops.geluErf(feedForwardInput.forward(feedForwardNorm.forward(hidden)));
            return hidden.add(feedForwardOutput.forward(wide).mul(feedForwardScale.value()));
        }
    }

    static CodecNetwork of(Layers part, MimiConfig.Transformer sizes) {
        long dim = sizes.dim();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < sizes.layers(); i++) {
            Layers layer = part.at(i);
            layers.add(new Layer(
                    layer.centeredNorm("norm1", dim, NORM_EPSILON),
                    new CausalAttention(
                            layer.matrix("self_attn.in_proj_weight", 3 * dim, dim),
                            layer.matrix("self_attn.out_proj.weight", dim, dim),
                            sizes.heads()),
                    layer.tensor("layer_scale_1.scale", dim),
                    layer.centeredNorm("norm2", dim, NORM_EPSILON),
                    layer.matrix("linear1.weight", sizes.feedForward(), dim),
                    layer.matrix("linear2.weight", dim, sizes.feedForward()),
                    layer.tensor("layer_scale_2.scale", dim)));
        }
        return new CodecNetwork(
                List.copyOf(layers), new RotaryEmbedding(sizes.headDim(), sizes.maxPeriod()), sizes.context());
    }

    /** [B, D, T] -> [B, D, T]. */
    Tensor forward(Tensor x) {
        Tensor hidden = x.transpose(1, 2); // -> [B, T, D]
        CausalSequence sequence = CausalSequence.of(hidden.size(1), context, rotary, x.device());
        for (Layer layer : layers) {
            hidden = layer.forward(hidden, sequence);
        }
        return hidden.transpose(1, 2); // -> [B, D, T]
    }
}
