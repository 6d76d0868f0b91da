package io.github.moshivis.lm;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Gate of a layer's cross-attention: sigmoid(W2 relu(W1 u) - 4), for each channel. Follows {@code kyuteye/modules/cross_attention.py}, the
 * conditional sigmoid gate.
 *
 * @param input [D] -> [G]
 * @param output [G] -> [D]
 */
record ImageGate(Linear input, Linear output) {
    /** Starts nearly closed: sigmoid(-4) is 0.018. */
    private static final double SHIFT = -4.0;

    /**
     * The gate of a step.
     *
     * @param u output of the cross-attention, [B, 1, D]
     * @return [B, 1, D] in (0, 1)
     */
    Tensor forward(Tensor u) {
        return Ops.sigmoidInPlace(
                output.forward(Ops.reluInPlace(input.forward(u))).addInPlace(SHIFT));
    }
}
