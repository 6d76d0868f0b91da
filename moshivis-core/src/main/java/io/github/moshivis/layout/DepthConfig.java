package io.github.moshivis.layout;

/**
 * Sizes of the depth transformer (the reference's "depformer"): one set of weights for each generated codebook, no positional
 * embedding.
 *
 * @param dim width ({@code depformer_dim})
 * @param heads attention heads ({@code depformer_num_heads})
 * @param layers layers ({@code depformer_num_layers})
 * @param context keys that a sub-step sees ({@code depformer_context}); at least the number of sub-steps
 * @param feedForward nominal width of the gated feed-forward ({@code depformer_dim_feedforward}); see {@link #hidden()}
 */
public record DepthConfig(int dim, int heads, int layers, int context, int feedForward) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is out of range or the heads do not divide the width
     */
    public DepthConfig {
        Validation.heads("depformer_num_heads", heads, "depformer_dim", dim);
        Validation.layers("depformer_num_layers", layers);
        Validation.context("depformer_context", context);
        GatedWidth.check("depformer_dim_feedforward", dim, feedForward);
    }

    /**
     * Width of an attention head.
     *
     * @return the width
     */
    public int headDim() {
        return dim / heads;
    }

    /**
     * Width inside the gated feed-forward: the input projection has twice as many rows.
     *
     * @return the width
     */
    public int hidden() {
        return GatedWidth.of(dim, feedForward);
    }
}
