package io.github.moshivis.vision;

import io.github.moshivis.nn.LayerNorm;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * A layer of the encoder: every token attends to every token, then passes a feed-forward network; norms come first. Follows
 * transformers' {@code SiglipEncoderLayer}.
 *
 * @param attentionNorm before the attention
 * @param query [C] -> [C]
 * @param key [C] -> [C]
 * @param value [C] -> [C]
 * @param output [C] -> [C]
 * @param heads H
 * @param feedForwardNorm before the feed-forward network
 * @param inner [C] -> [F]
 * @param outer [F] -> [C]
 */
record SiglipLayer(
        LayerNorm attentionNorm,
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        int heads,
        LayerNorm feedForwardNorm,
        Linear inner,
        Linear outer) {
    /**
     * Passes the tokens through the layer.
     *
     * @param x [1, N, C]
     * @return [1, N, C]
     */
    Tensor forward(Tensor x) {
        Tensor attended = x.add(attention(attentionNorm.forward(x)));
        Tensor wide = inner.forward(feedForwardNorm.forward(attended)); // [1, N, C] -> [1, N, F]
        return attended.add(outer.forward(Ops.geluTanh(wide))); // -> [1, N, C]
    }

    private Tensor attention(Tensor x) {
        Tensor seen = Ops.attention(split(query.forward(x)), split(key.forward(x)), split(value.forward(x)), null)
                .to(x.dtype());
        return output.forward(seen.transpose(1, 2).reshape(x.shape())); // [1, H, N, C/H] -> [1, N, C]
    }

    /** In float32 on the CPU, where LibTorch's attention is many times slower in bfloat16. */
    private Tensor split(Tensor x) {
        return x.to(x.device().isCpu() ? DType.F32 : x.dtype())
                .view(1, x.size(1), heads, x.size(2) / heads)
                .transpose(1, 2); // [1, N, C] -> [1, H, N, C/H]
    }
}
