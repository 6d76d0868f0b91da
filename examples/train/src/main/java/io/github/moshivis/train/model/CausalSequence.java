package io.github.moshivis.train.model;

import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Tensor;

/**
 * Positions of a sequence from its beginning: their rotations, and which of them each sees.
 *
 * @param rotations from {@link RotaryEmbedding#rotations}, [1, 1, T, D/2, 2]
 * @param visible BOOL [T, T], true where a position sees another: itself and the {@code context - 1} before it
 */
record CausalSequence(Tensor rotations, Tensor visible) {
    static CausalSequence of(long steps, int context, RotaryEmbedding rotary, Device device) {
        int count = Math.toIntExact(steps);
        boolean[] visible = new boolean[count * count];
        for (int at = 0; at < count; at++) {
            for (int seen = Math.max(0, at - context + 1); seen <= at; seen++) {
                visible[at * count + seen] = true;
            }
        }
        try (Inputs inputs = Inputs.direct(device)) {
            return new CausalSequence(
                    rotary.rotations(new long[] {0}, count, inputs).tensor(),
                    Tensor.of(visible, device).view(steps, steps));
        }
    }
}
