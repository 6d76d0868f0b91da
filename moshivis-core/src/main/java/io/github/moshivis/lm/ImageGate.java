package io.github.moshivis.lm;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.RowOperators;
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
     * Adds the gated cross-attention to the residual stream, in rows that attend to a picture.
     *
     * @param hidden the stream, [B, 1, D], contiguous; changed
     * @param u output of the cross-attention, [B, 1, D]
     * @param image the rows
     * @return mean of the gate over channels, [B, 1, 1], zero in rows that attend to no picture
     */
    Tensor add(Tensor hidden, Tensor u, ImageWindow image) {
        Tensor logits = output.forward(Ops.reluInPlace(input.forward(u))); // [B, 1, G] -> [B, 1, D]
        if (RowOperators.fit(hidden)) {
            return RowOperators.addGated(hidden, u, logits, SHIFT, image.used());
        }
        Tensor open = Ops.sigmoidInPlace(logits.addInPlace(SHIFT));
        hidden.addInPlace(image.choose(u.mul(open)));
        return image.choose(Ops.mean(open, -1)); // [B, 1, D] -> [B, 1, 1]
    }

    /** Returns whether {@link #record} takes rows of a type. */
    boolean isRecorded(DType dtype, long rows) {
        return input.isRecorded(dtype, rows) && output.isRecorded(dtype, rows);
    }

    /**
     * Appends {@link #add} to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param hidden the stream, [B, 1, D], contiguous; changed
     * @param u output of the cross-attention, [B, 1, D], contiguous
     * @param used rows that attend to a picture, BOOL [B, 1, 1]
     * @param mean takes the means of the gate, [B, 1, 1]
     */
    void record(KernelProgram program, Tensor hidden, Tensor u, Tensor used, Tensor mean) {
        Tensor inner = program.between(u.dtype(), u.size(0), input.out());
        Tensor logits = program.between(u.dtype(), u.size(0), u.size(2));
        input.record(program, u, inner);
        program.rectify(inner);
        output.record(program, inner, logits);
        program.addGated(hidden, u, logits, SHIFT, used, mean);
    }
}
