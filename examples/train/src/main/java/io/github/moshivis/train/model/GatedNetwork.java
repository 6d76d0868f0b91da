package io.github.moshivis.train.model;

import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;

/**
 * W_out (silu(a) * b) with [a ; b] = W_in x.
 *
 * @param input [D] -> [2F]
 * @param output [F] -> [D]
 */
record GatedNetwork(Projection input, Projection output) {
    static GatedNetwork of(Layers part, long dim, long hidden) {
        return new GatedNetwork(
                part.matrix("feedForward.input", 2 * hidden, dim), part.matrix("feedForward.output", dim, hidden));
    }

    /** [.., D] -> [.., D]. */
    Tensor forward(Tensor x) {
        Tensor both = input.forward(x); // [.., 2F]
        long hidden = both.size(-1) / 2;
        Tensor activated = SequenceOps.silu(both.narrow(-1, 0, hidden)); // [.., F]
        return output.forward(activated.mul(both.narrow(-1, hidden, hidden)));
    }
}
