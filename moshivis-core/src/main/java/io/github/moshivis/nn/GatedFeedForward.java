package io.github.moshivis.nn;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
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

    /** Returns whether {@link #record} takes rows of a type. */
    public boolean isRecorded(DType dtype, long rows) {
        return input.isRecorded(dtype, rows) && output.isRecorded(dtype, rows);
    }

    /**
     * Appends the network to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x [.., D], contiguous
     * @param y takes the result
     */
    public void record(KernelProgram program, Tensor x, Tensor y) {
        Tensor both = program.between(x.dtype(), x.shapeWithLast(input.out()));
        Tensor gated = program.between(x.dtype(), x.shapeWithLast(input.out() / 2));
        input.record(program, x, both);
        program.gate(both, gated);
        output.record(program, gated, y);
    }
}
