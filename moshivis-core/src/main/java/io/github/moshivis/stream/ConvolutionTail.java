package io.github.moshivis.stream;

import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/** The last input steps of a causal convolution, F32 [slots, steps, C]: what its kernel still needs of the past. */
public final class ConvolutionTail implements AutoCloseable {
    /** The past of a fresh slot. */
    public enum Start {
        /** Silence. */
        ZEROS,
        /** Copies of the first step it sees ("replicate" padding). */
        FIRST_STEP
    }

    private final int steps;
    private final SlotTensor inputs;
    /** True where a slot has seen a step, BOOL [slots, 1, 1]; null where that makes no difference. */
    private final SlotTensor started;
    /** Slots that are known on the host to have seen a step. */
    private final boolean[] known;

    /**
     * Allocates the state of all slots.
     *
     * @param slots rows
     * @param steps how many steps are remembered; 0 for a kernel that needs no past
     * @param channels C
     * @param start what a fresh slot finds
     * @param device where it lives
     */
    public ConvolutionTail(int slots, int steps, int channels, Start start, Device device) {
        this.steps = steps;
        inputs = new SlotTensor(0, DType.F32, device, slots, steps, channels);
        known = new boolean[slots];
        started = start == Start.ZEROS ? null : new SlotTensor(0, DType.BOOL, device, slots, 1, 1);
    }

    /**
     * Puts the past before new steps, and remembers the last of them in the active rows.
     *
     * @param x F32 [B, T, C]
     * @param rows the rows of the call
     * @return F32 [B, steps + T, C], contiguous
     */
    public Tensor join(Tensor x, Rows rows) {
        Tensor past = inputs.get(rows); // [B, steps, C]
        if (!haveStarted(rows)) {
            past = Ops.where(started.get(rows), past, x.narrow(1, 0, 1)); // [B, steps, C], [B, 1, C] -> [B, steps, C]
            started.set(rows, Tensor.full(1, DType.BOOL, rows.device(), rows.count(), 1, 1));
            for (int row = 0; row < rows.count(); row++) {
                known[row] |= rows.isActive(row) && !rows.inputs().isReplayed();
            }
        }
        Tensor joined = Ops.cat(1, past, x);
        inputs.set(rows, joined.narrow(1, x.size(1), steps));
        return joined;
    }

    /**
     * Appends {@link #join} of the first rows to a program, which may run if all are active and {@linkplain #haveStarted have started}.
     *
     * @param program takes it
     * @param activation of the new steps
     * @param x F32 [B, T, C], contiguous
     * @return F32 [B, steps + T, C]
     */
    public Tensor record(KernelProgram program, Activation activation, Tensor x) {
        return program.join(inputs.first(x.size(0)), activation, x);
    }

    /**
     * Tells whether all active rows are known to have seen a step, where that makes a difference; in work that is to be replayed nothing is
     * known.
     */
    public boolean haveStarted(Rows rows) {
        if (started == null) {
            return true;
        }
        boolean all = !rows.inputs().isReplayed();
        for (int row = 0; row < rows.count(); row++) {
            all &= known[row] || !rows.isActive(row);
        }
        return all;
    }

    /** Makes a slot fresh. */
    public void reset(int slot) {
        known[slot] = false;
        inputs.reset(slot);
        if (started != null) {
            started.reset(slot);
        }
    }

    @Override
    public void close() {
        inputs.close();
        if (started != null) {
            started.close();
        }
    }
}
