package io.github.moshivis.layout;

/**
 * Sizes of the SigLIP image encoder, by the keys of transformers' {@code SiglipVisionConfig}.
 *
 * @param hidden width ({@code hidden_size})
 * @param intermediate width inside the feed-forward ({@code intermediate_size})
 * @param layers layers ({@code num_hidden_layers})
 * @param heads attention heads ({@code num_attention_heads})
 * @param imageSize side of the square images it was trained on, in pixels ({@code image_size})
 * @param patchSize side of a patch, in pixels ({@code patch_size})
 * @param channels color channels ({@code num_channels})
 * @param normEpsilon epsilon of the layer norms ({@code layer_norm_eps})
 */
public record VisionConfig(
        int hidden,
        int intermediate,
        int layers,
        int heads,
        int imageSize,
        int patchSize,
        int channels,
        double normEpsilon) {

    /** SigLIP so400m as in PaliGemma 2 at 448 pixels, the released encoder (kyutai-labs/moshivis, {@code siglip_gemma2_448}). */
    public static final VisionConfig SIGLIP_SO400M_448 = new VisionConfig(1152, 4304, 27, 16, 448, 14, 3, 1e-6);

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the key, the value found, and the values allowed
     */
    public VisionConfig {
        Validation.heads("num_attention_heads", heads, "hidden_size", hidden);
        Validation.size("intermediate_size", intermediate);
        Validation.layers("num_hidden_layers", layers);
        Validation.size("patch_size", patchSize);
        Validation.require(
                imageSize >= patchSize && imageSize <= 1 << 14,
                "image_size",
                imageSize,
                "a number from patch_size = " + patchSize + " to " + (1 << 14));
        Validation.require(channels == 3, "num_channels", channels, "3: pictures are RGB");
        Validation.positive("layer_norm_eps", normEpsilon);
    }

    /**
     * The same encoder trained at another size.
     *
     * @param size side of the images in pixels
     * @return the configuration
     */
    public VisionConfig imageSize(int size) {
        return new VisionConfig(hidden, intermediate, layers, heads, size, patchSize, channels, normEpsilon);
    }

    /**
     * Width of an attention head.
     *
     * @return the width
     */
    public int headDim() {
        return hidden / heads;
    }

    /**
     * Patches along a side of the images it was trained on; pixels that fill no patch are dropped.
     *
     * @return the number of patches
     */
    public int grid() {
        return imageSize / patchSize;
    }

    /**
     * Trained positions, and image tokens at the trained size.
     *
     * @return {@code grid() * grid()}
     */
    public int positions() {
        return grid() * grid();
    }
}
