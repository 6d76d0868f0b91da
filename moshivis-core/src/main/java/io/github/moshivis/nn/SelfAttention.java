package io.github.moshivis.nn;

import io.github.moshivis.stream.KvRing;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;

/**
 * Causal self-attention over a ring, with rotary positions. No biases. Follows {@code kyuteye/modules/attention.py}.
 *
 * @param input [D] -> [3D], rows Q, K, V, each head by head
 * @param output [D] -> [D]
 * @param heads H
 */
public record SelfAttention(Linear input, Linear output, int heads) {
    /**
     * Attends, and remembers the new steps.
     *
     * @param x [B, N, D]
     * @param rotations of the new steps, from {@link RotaryEmbedding#rotations}
     * @param ring this layer's keys and values
     * @param window of this call
     * @return [B, N, D]
     */
    public Tensor forward(Tensor x, Tensor rotations, KvRing ring, RingWindow window) {
        return forward(x, rotations, ring, window, Epilogue.NONE);
    }

    /**
     * Attends, remembers the new steps, and applies what follows in the same pass where it can.
     *
     * @param x [B, N, D]
     * @param rotations of the new steps, from {@link RotaryEmbedding#rotations}
     * @param ring this layer's keys and values
     * @param window of this call
     * @param epilogue what follows
     * @return [B, N, D]
     */
    public Tensor forward(Tensor x, Tensor rotations, KvRing ring, RingWindow window, Epilogue epilogue) {
        long rows = x.size(0);
        long steps = x.size(1);
        long dim = x.size(2);
        Tensor all = input.forward(x); // [B, N, 3D]
        Tensor byKernel = ring.attend(window, all, rotations);
        if (byKernel != null) {
            return output.forward(byKernel, epilogue); // [B, N, D]
        }
        Tensor projected = all.view(rows, steps, 3, heads, dim / heads) // [B, N, 3D] -> [B, N, 3, H, D/H]
                .permute(2, 0, 3, 1, 4); // -> [3, B, H, N, D/H]
        Tensor rotated = RotaryEmbedding.rotate(projected.narrow(0, 0, 2), rotations); // [2, B, H, N, D/H]
        Tensor query = rotated.select(0, 0);
        ring.write(window, rotated.select(0, 1), projected.select(0, 2));
        Tensor keys = ring.keys(window);
        Tensor attended = RowAttention.attend(
                        query.to(keys.dtype()), keys, ring.values(window), window.mask(), window.lengths())
                .to(x.dtype()); // [B, H, N, D/H]
        return output.forward(attended.transpose(1, 2).reshape(rows, steps, dim), epilogue); // -> [B, N, D]
    }

    /** Returns whether {@link #record} takes rows of a type. */
    public boolean isRecorded(DType dtype, long rows) {
        return input.isRecorded(dtype, rows) && output.isRecorded(dtype, rows);
    }

    /** Returns whether {@link #record} takes what follows as well. */
    public boolean recordsEpilogues() {
        return output.recordsEpilogues();
    }

    /**
     * Appends all of it to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x [B, N, D], contiguous; is written to
     * @param rotations of the new steps
     * @param ring this layer's keys and values
     * @param window of the new steps
     * @param y [B, N, D], takes the result
     */
    public void record(
            KernelProgram program, Tensor x, Tensor rotations, KvRing ring, KeysValues.Window window, Tensor y) {
        attend(program, x, rotations, ring, window);
        output.record(program, x, y);
    }

    /** Attention up to the output's product, in the place of x. */
    private void attend(KernelProgram program, Tensor x, Tensor rotations, KvRing ring, KeysValues.Window window) {
        Tensor projected = program.between(x.dtype(), x.size(0), x.size(1), input.out());
        input.record(program, x, projected);
        ring.record(program, projected, rotations, window, x);
    }

    /**
     * Appends all of it and what follows to a program, where {@link #isRecorded} and {@link #recordsEpilogues} allow.
     *
     * @param program takes it
     * @param x [B, N, D], contiguous; is written to
     * @param rotations of the new steps
     * @param ring this layer's keys and values
     * @param window of the new steps
     * @param y [B, N, D], takes the result
     * @param epilogue what follows; its residual may be y
     */
    public void record(
            KernelProgram program,
            Tensor x,
            Tensor rotations,
            KvRing ring,
            KeysValues.Window window,
            Tensor y,
            Epilogue epilogue) {
        attend(program, x, rotations, ring, window);
        output.record(program, x, y, epilogue);
    }
}
