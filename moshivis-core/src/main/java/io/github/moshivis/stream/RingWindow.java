package io.github.moshivis.stream;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Where the new steps of one call go in rings of one capacity, and which steps each of them sees. Computed once per call and
 * shared by all layers. Belongs to the scope of the call.
 *
 * <p>All N new steps of a call are written before any of them attends, as in the reference's streaming attention: when the ring is
 * full, the first of two new steps no longer sees the oldest key that it would see alone (moshi, {@code modules/transformer.py}).
 * A ring with {@code N - 1} steps to spare has no such loss.
 */
public final class RingWindow {
    private final int rows;
    private final int length;
    private final int[] lengths;
    private final Tensor writeIndex;
    private final Tensor mask;

    /**
     * Lays a window out.
     *
     * @param rows the rows of the call
     * @param positions for each row, how many steps went before
     * @param steps N, new steps in this call
     * @param capacity of the rings, at least N
     * @param context how many steps a step sees at most, its own included; at most {@code capacity}
     */
    RingWindow(Rows rows, long[] positions, int steps, int capacity, int context) {
        this.rows = rows.count();
        long[] indices = new long[this.rows * steps];
        long[] last = new long[this.rows];
        lengths = new int[this.rows];
        int longest = 0;
        int shortest = capacity;
        for (int row = 0; row < this.rows; row++) {
            for (int i = 0; i < steps; i++) {
                indices[row * steps + i] = rows.isActive(row) ? (positions[row] + i) % capacity : capacity;
            }
            lengths[row] = 1; // what an inactive row sees is not used
            last[row] = positions[row] + steps - 1;
            if (rows.isActive(row)) {
                int filled = (int) Math.min(positions[row] + steps, capacity);
                lengths[row] = filled;
                longest = Math.max(longest, filled);
                shortest = Math.min(shortest, filled);
            }
        }
        length = Math.max(longest, 1);
        writeIndex = Tensor.of(indices, rows.device(), this.rows, 1, steps, 1);
        boolean everythingSeen = steps == 1 && shortest == longest && longest <= context;
        mask = everythingSeen ? null : mask(last, steps, capacity, context, rows.device());
    }

    /** BOOL [B, 1, N, T]: true where the step in a ring's index is neither unwritten, nor later than the query's, nor too old. */
    private Tensor mask(long[] last, int steps, int capacity, int context, Device device) {
        Tensor newest = Tensor.of(last, device, rows, 1); // [B, 1]
        Tensor age = Ops.remainder(newest.sub(Tensor.arange(length, device)), capacity); // [B, T]
        Tensor position = newest.sub(age).unsqueeze(1).unsqueeze(1); // [B, T] -> [B, 1, 1, T]
        Tensor written = Ops.atLeast(position, 0);
        if (steps == 1 && capacity == context) {
            return written;
        }
        Tensor query =
                newest.add(Tensor.arange(steps, device)).add(1.0 - steps).view(rows, 1, steps, 1); // [B, 1, N, 1]
        Tensor seen = Ops.and(written, Ops.lessOrEqual(position, query)); // [B, 1, N, T]
        return capacity == context ? seen : Ops.and(seen, Ops.less(query.add(-(double) context), position));
    }

    int rows() {
        return rows;
    }

    int length() {
        return length;
    }

    /** For each row, how many of the first indices of the ring it may see; 1 in rows that take no part. Not to be changed. */
    public int[] lengths() {
        return lengths;
    }

    Tensor writeIndex() {
        return writeIndex;
    }

    /** Which keys each query sees, BOOL [B, 1, N, T]; null if all see all. */
    public Tensor mask() {
        return mask;
    }
}
