package io.github.moshivis.train.model;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;

/**
 * Cross-attention of each step to the tokens of a picture, one set of projections for all layers.
 *
 * @param query [D] -> [D]
 * @param keyValue [X] -> [2D], rows K, V
 * @param output [D] -> [D]
 * @param heads H
 */
record PictureAttention(Projection query, Projection keyValue, Projection output, int heads) {
    static PictureAttention of(Layers part, LmConfig config) {
        return new PictureAttention(
                part.matrix("query", config.dim(), config.dim()),
                part.matrix("keyValue", 2L * config.dim(), config.imageDim().orElseThrow()),
                part.matrix("output", config.dim(), config.dim()),
                config.heads());
    }

    /** Keys and values that all layers share, [B, N, X] -> [B, N, 2D]. */
    Tensor keysValues(Tensor features) {
        return keyValue.forward(features);
    }

    /** Attends: x [B, T, D], keys and values [B, N, 2D], visible BOOL [B, 1, T, N] or null -> [B, T, D]. */
    Tensor forward(Tensor x, Tensor keysValues, Tensor visible) {
        long dim = x.size(-1);
        Tensor[] parts = SequenceOps.unbind(
                keysValues.view(keysValues.size(0), keysValues.size(1), 2, dim), 2); // [B, N, 2D] -> [B, N, D] each
        Tensor attended =
                Ops.attention(split(query.forward(x)), split(parts[0]), split(parts[1]), visible); // [B, H, T, D/H]
        return output.forward(attended.transpose(1, 2).reshape(x.shape())); // -> [B, T, D]
    }

    private Tensor split(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2); // [B, N, D] -> [B, H, N, D/H]
    }
}
