package io.github.moshivis.train.model;

import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

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
        long[] halves = Arrays.copyOf(both.shape(), both.dim() + 1);
        halves[both.dim() - 1] = 2;
        halves[both.dim()] = both.size(-1) / 2;
        Tensor[] parts = SequenceOps.unbind(both.view(halves), -2); // [.., 2, F] -> [.., F] each
        return output.forward(SequenceOps.silu(parts[0]).mul(parts[1]));
    }
}
