package io.github.moshivis.stream;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/**
 * The rows of a batch: the slots 0 to {@link #count()} - 1, of which the active ones take part in a call. Made on the host for one
 * call, with the inputs that the call is planned in.
 */
public final class Rows {
    private final Inputs inputs;
    private final boolean[] active;
    private final Input mask;

    private Rows(Inputs inputs, boolean[] active) {
        this.inputs = inputs;
        this.active = active;
        boolean every = true;
        for (boolean row : active) {
            every &= row;
        }
        this.mask = every && !inputs.isReplayed() ? null : inputs.add(active, active.length); // [B]
    }

    /**
     * Rows of which some are active.
     *
     * @param inputs what the call is planned in
     * @param active for each slot from 0 on, whether it takes part; at least one slot
     * @return the rows
     */
    public static Rows of(Inputs inputs, boolean... active) {
        if (active.length == 0) {
            throw new IllegalArgumentException("A call needs at least one row, found none");
        }
        return new Rows(inputs, active.clone());
    }

    /**
     * Rows of a call by itself, of which some are active.
     *
     * @param device where the tensors of the call are
     * @param active for each slot from 0 on, whether it takes part; at least one slot
     * @return the rows, in the scope of the call
     */
    public static Rows of(Device device, boolean... active) {
        return of(Inputs.direct(device), active);
    }

    /**
     * Rows of a call by itself that are all active.
     *
     * @param device where the tensors of the call are
     * @param count how many, at least 1
     * @return the rows, in the scope of the call
     */
    public static Rows all(Device device, int count) {
        boolean[] active = new boolean[count];
        Arrays.fill(active, true);
        return of(device, active);
    }

    /** The batch size of the call. */
    public int count() {
        return active.length;
    }

    /** Returns whether a slot takes part. */
    public boolean isActive(int row) {
        return active[row];
    }

    /** Tells whether all slots take part, in a call that is not replayed. */
    public boolean areAllActive() {
        return mask == null;
    }

    /** Returns the device of the call's tensors. */
    public Device device() {
        return inputs.device();
    }

    /** Returns the inputs that the call is planned in. */
    public Inputs inputs() {
        return inputs;
    }

    /**
     * Chooses row by row.
     *
     * @param fresh taken in active rows, [B, ..]
     * @param old taken in the others, [B, ..]
     * @return [B, ..]; {@code fresh} itself if all rows are active
     */
    public Tensor choose(Tensor fresh, Tensor old) {
        if (mask == null) {
            return fresh;
        }
        long[] shape = new long[fresh.dim()];
        Arrays.fill(shape, 1);
        shape[0] = active.length;
        return Ops.where(mask.tensor().view(shape), fresh, old); // [B] -> [B, 1, ..]
    }
}
