package io.github.moshivis.vision;

import io.github.moshivis.nn.LayerNorm;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * The network from pixels to image features, over weights that it does not own. Follows transformers' {@code SiglipVisionTransformer}
 * without its pooling head, and {@code kyuteye/modules/image_encoder.py} for what comes after.
 *
 * @param embedding pixels to tokens
 * @param layers in order
 * @param norm after the last layer
 * @param projection [C] -> [D]; null where the widths agree, and the reference has none
 * @param imageNorm after the projection
 */
record SiglipNetwork(
        PatchEmbedding embedding, List<SiglipLayer> layers, LayerNorm norm, Linear projection, RmsNorm imageNorm) {
    /** Returns the device of the weights. */
    Device device() {
        return embedding.weight().device();
    }

    /** D. */
    long width() {
        return imageNorm.alpha().size(0);
    }

    /** Multiplications of {@link #finish} a token. */
    long finishCost() {
        return norm.weight().size(0) * width();
    }

    /**
     * Applies final norm and projection.
     *
     * @param x some tokens, [1, n, C], from the last layer
     * @return [1, n, D]
     */
    Tensor finish(Tensor x) {
        Tensor hidden = norm.forward(x);
        return imageNorm.forward(projection == null ? hidden : projection.forward(hidden)); // [1, n, C] -> [1, n, D]
    }
}
