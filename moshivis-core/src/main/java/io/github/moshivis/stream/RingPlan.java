package io.github.moshivis.stream;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Positions of the new steps of one call in rings of one capacity, and the steps that each of them sees. Computed on the host once a call,
 * for all layers; {@link #window} is its form on the device.
 *
 * <p>All N new steps of a call are written before any of them attends, as in the reference's streaming attention: when the ring is
 * full, the first of two new steps no longer sees the oldest key that it would see alone (moshi, {@code modules/transformer.py}).
 * A ring with {@code N - 1} steps to spare has no such loss.
 *
 * <p>A call that is going to be replayed looks at one of few lengths, and masks what its rows do not have.
 */
public final class RingPlan {
    /** Lengths of replayed windows are powers of two from here on, or the capacity. */
    private static final int SHORTEST = 256;

    private final Device device;
    private final DType keys;
    private final int rows;
    private final int steps;
    private final int capacity;
    private final int context;
    private final int length;
    private final int[] lengths;
    private final Input writeIndex;
    private final Input newest;
    /** First position that each step sees, for the kernel of our own; null without it. */
    private final Input starts;

    private final Input counts;

    /**
     * Lays a window out.
     *
     * @param rows the rows of the call
     * @param positions for each row, how many steps went before
     * @param steps N, new steps in this call
     * @param capacity of the rings, at least N
     * @param context how many steps a step sees at most, its own included; at most {@code capacity}
     * @param keys the type of keys and values
     * @param hasKernel whether the rings' attention has a kernel of our own
     */
    RingPlan(Rows rows, long[] positions, int steps, int capacity, int context, DType keys, boolean hasKernel) {
        Inputs inputs = rows.inputs();
        this.device = rows.device();
        this.keys = keys;
        this.rows = rows.count();
        this.steps = steps;
        this.capacity = capacity;
        this.context = context;
        long[] indices = new long[this.rows * steps];
        long[] last = new long[this.rows];
        int[] filled = new int[this.rows];
        long[] oldest = new long[this.rows * steps];
        long[] seen = new long[this.rows * steps];
        int longest = 1;
        int shortest = capacity;
        for (int row = 0; row < this.rows; row++) {
            for (int i = 0; i < steps; i++) {
                int at = row * steps + i;
                long position = positions[row] + i;
                indices[at] = rows.isActive(row) ? position % capacity : capacity;
                long first = Math.max(0, Math.max(position - context, positions[row] + steps - 1 - capacity) + 1);
                seen[at] = rows.isActive(row) ? position - first + 1 : 1;
                oldest[at] = rows.isActive(row) && seen[at] < capacity ? first % capacity : 0;
            }
            filled[row] = 1; // what an inactive row sees is not used
            last[row] = positions[row] + steps - 1;
            if (rows.isActive(row)) {
                filled[row] = (int) Math.min(positions[row] + steps, capacity);
                longest = Math.max(longest, filled[row]);
                shortest = Math.min(shortest, filled[row]);
            }
        }
        length = inputs.isReplayed() ? bucket(longest, capacity) : longest;
        boolean everythingSeen = steps == 1 && shortest == length && length <= context;
        lengths = inputs.isReplayed() || !device.isCpu() ? null : filled;
        writeIndex = inputs.add(indices, this.rows, 1, steps, 1);
        boolean byKernel = lengths != null && hasKernel;
        starts = byKernel ? inputs.add(oldest, this.rows, steps) : null;
        counts = byKernel ? inputs.add(seen, this.rows, steps) : null;
        newest = everythingSeen || byKernel ? null : inputs.add(last, this.rows, 1);
        inputs.decide(length);
    }

    private static int bucket(int length, int capacity) {
        int bucket = SHORTEST;
        while (bucket < length) {
            bucket *= 2;
        }
        return Math.min(bucket, capacity);
    }

    /** Tells whether a kernel of our own attends in this window. */
    public boolean hasKernel() {
        return counts != null;
    }

    /** The window on the device, in the scope of the call. */
    public RingWindow window() {
        Tensor mask = newest == null ? null : mask();
        boolean forAll =
                mask != null && lengths == null; // the kernels for all rows would make it a sum anew in each layer
        Tensor positions = writeIndex.tensor();
        return new RingWindow(
                rows,
                length,
                lengths,
                counts == null
                        ? null
                        : new KeysValues.Window(capacity, positions, starts.tensor(), counts.tensor(), length),
                positions,
                forAll ? Ops.additiveMask(mask, keys) : mask);
    }

    /** BOOL [B, 1, N, T]: true where the step in a ring's index is neither unwritten, nor later than the query's, nor too old. */
    private Tensor mask() {
        Tensor last = newest.tensor(); // [B, 1]
        Tensor age = Ops.remainder(last.sub(Tensor.arange(length, device)), capacity); // [B, T]
        Tensor position = last.sub(age).unsqueeze(1).unsqueeze(1); // [B, T] -> [B, 1, 1, T]
        Tensor written = Ops.atLeast(position, 0);
        if (steps == 1 && capacity == context) {
            return written;
        }
        Tensor query = last.add(Tensor.arange(steps, device)).add(1.0 - steps).view(rows, 1, steps, 1); // [B, 1, N, 1]
        Tensor seen = Ops.and(written, Ops.lessOrEqual(position, query)); // [B, 1, N, T]
        return capacity == context ? seen : Ops.and(seen, Ops.less(query.add(-(double) context), position));
    }
}
