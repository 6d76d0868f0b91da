package io.github.moshivis.train.model;

import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;

/**
 * Self-attention of a sequence with rotary positions over a window of past steps. No biases.
 *
 * @param input [D] -> [3D], rows Q, K, V, each head by head
 * @param output [D] -> [D]
 * @param heads H
 */
record CausalAttention(Projection input, Projection output, int heads) {
    /** [B, T, D] -> [B, T, D]. */
    Tensor forward(Tensor x, CausalSequence sequence) {
        long rows = x.size(0);
        long steps = x.size(1);
        long dim = x.size(2);
        Tensor[] parts = SequenceOps.unbind(
                input.forward(x)
                        .view(rows, steps, 3, heads, dim / heads) // [B, T, 3D] -> [B, T, 3, H, D/H]
                        .permute(2, 0, 3, 1, 4), // -> [3, B, H, T, D/H]
                0);
        Tensor attended = Ops.attention(
                RotaryEmbedding.rotate(parts[0], sequence.rotations()),
                RotaryEmbedding.rotate(parts[1], sequence.rotations()),
                parts[2],
                sequence.visible()); // [B, H, T, D/H]
        return output.forward(attended.transpose(1, 2).reshape(rows, steps, dim)); // -> [B, T, D]
    }
}
