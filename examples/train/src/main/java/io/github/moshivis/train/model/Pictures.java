package io.github.moshivis.train.model;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Tensor;

/**
 * The pictures of a batch, and which positions see them.
 *
 * @param features from the image encoder, [B, N, X]; several pictures of a row one after the other
 * @param visible tokens that a position sees, BOOL [B, 1, T, N], at least one for each position; null if all
 * @param looks positions that attend to a picture, BOOL [B, T, 1] or [B, 1, 1]; null if all
 */
public record Pictures(Tensor features, Tensor visible, Tensor looks) {
    /** The same in another type. */
    Pictures to(DType dtype) {
        return new Pictures(features.to(dtype), visible, looks);
    }
}
