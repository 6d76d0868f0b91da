package io.github.moshivis.nn;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.RowOperators;
import io.github.moshivis.tensor.Tensor;

/**
 * W_out (silu(a) * b) with [a ; b] = W_in x. No biases. Follows {@code kyuteye/modules/gating.py}.
 *
 * @param input [D] -> [2F]
 * @param output [F] -> [D]
 */
public record GatedFeedForward(Linear input, Linear output) {
    /**
     * Applies the network to each step.
     *
     * @param x [.., D]
     * @return [.., D]
     */
    public Tensor forward(Tensor x) {
        Tensor both = input.forward(x); // [.., 2F]
        if (RowOperators.fit(both)) {
            return output.forward(RowOperators.gate(both));
        }
        long hidden = both.size(-1) / 2;
        Tensor activated = Ops.siluInPlace(both.narrow(-1, 0, hidden)); // [.., F]
        return output.forward(activated.mulInPlace(both.narrow(-1, hidden, hidden)));
    }
}
