package io.github.moshivis.vision;

import io.github.moshivis.nn.LayerNorm;
import io.github.moshivis.nn.Linear;
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
 * @param wide F
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
        long wide,
        Linear inner,
        Linear outer) {
    /** Multiplications of {@link #keysAndValues} a token. */
    long showCost() {
        return 2 * width() * width();
    }

    /** Multiplications of {@link #forward} a token, if there are so many tokens in all. */
    long cost(long tokens) {
        return 2 * width() * (width() + tokens + wide);
    }

    private long width() {
        return attentionNorm.weight().size(0);
    }

    /**
     * Computes keys and values of some tokens.
     *
     * @param x [1, n, C]
     * @param keys gets K, [1, n, C]
     * @param values gets V, [1, n, C]
     */
    void keysAndValues(Tensor x, Tensor keys, Tensor values) {
        Tensor normed = attentionNorm.forward(x);
        keys.copyFrom(key.forward(normed));
        values.copyFrom(value.forward(normed));
    }

    /**
     * Computes the layer's output for some tokens.
     *
     * @param x [1, n, C]
     * @param keys of all tokens, [1, N, C], in the type to attend in
     * @param values of all tokens
     * @return [1, n, C]
     */
    Tensor forward(Tensor x, Tensor keys, Tensor values) {
        Tensor asked = query.forward(attentionNorm.forward(x)).to(keys.dtype());
        Tensor seen =
                Ops.attention(split(asked), split(keys), split(values), null).to(x.dtype());
        Tensor attended = x.add(output.forward(seen.transpose(1, 2).reshape(x.shape()))); // [1, H, n, C/H] -> [1, n, C]
        Tensor hidden = inner.forward(feedForwardNorm.forward(attended)); // [1, n, C] -> [1, n, F]
        return attended.add(outer.forward(Ops.geluTanh(hidden))); // -> [1, n, C]
    }

    private Tensor split(Tensor x) {
        return x.view(1, x.size(1), heads, x.size(2) / heads).transpose(1, 2); // [1, N, C] -> [1, H, N, C/H]
    }
}
