package io.github.moshivis.stream;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/**
 * The rows of a batch: the slots 0 to {@link #count()} - 1, of which the active ones take part in a call. Made for one tick, in
 * its scope.
 */
public final class Rows {
    private final boolean[] active;
    private final boolean all;
    private final Device device;
    private final Tensor mask;

    private Rows(Device device, boolean[] active) {
        this.active = active;
        this.device = device;
        boolean every = true;
        for (boolean row : active) {
            every &= row;
        }
        this.all = every;
        this.mask = every ? null : Tensor.of(active, device); // [B]
    }

    /**
     * Rows of which some are active.
     *
     * @param device where the tensors of the call are
     * @param active for each slot from 0 on, whether it takes part; at least one slot
     * @return the rows
     */
    public static Rows of(Device device, boolean... active) {
        if (active.length == 0) {
            throw new IllegalArgumentException("A call needs at least one row, found none");
        }
        return new Rows(device, active.clone());
    }

    /**
     * Rows that are all active.
     *
     * @param device where the tensors of the call are
     * @param count how many, at least 1
     * @return the rows
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

    /** Whether a slot takes part. */
    public boolean isActive(int row) {
        return active[row];
    }

    /** Where the tensors of the call are. */
    public Device device() {
        return device;
    }

    /**
     * Chooses row by row.
     *
     * @param fresh taken in active rows, [B, ..]
     * @param old taken in the others, [B, ..]
     * @return [B, ..]; {@code fresh} itself if all rows are active
     */
    public Tensor choose(Tensor fresh, Tensor old) {
        if (all) {
            return fresh;
        }
        long[] shape = new long[fresh.dim()];
        Arrays.fill(shape, 1);
        shape[0] = active.length;
        return Ops.where(mask.view(shape), fresh, old); // [B] -> [B, 1, ..]
    }
}
