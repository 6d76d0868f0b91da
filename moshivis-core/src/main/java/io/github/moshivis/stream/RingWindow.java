package io.github.moshivis.stream;

import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;

/** A {@link RingPlan} on the device: shared by all layers of a call, in its scope. */
public final class RingWindow {
    private final int rows;
    private final int length;
    private final int[] lengths;
    private final KeysValues.Window seen;
    private final Tensor writeIndex;
    private final Tensor mask;

    RingWindow(int rows, int length, int[] lengths, KeysValues.Window seen, Tensor writeIndex, Tensor mask) {
        this.rows = rows;
        this.length = length;
        this.lengths = lengths;
        this.seen = seen;
        this.writeIndex = writeIndex;
        this.mask = mask;
    }

    int rows() {
        return rows;
    }

    int length() {
        return length;
    }

    /**
     * For each row, how many of the first indices of the ring it may see; 1 in rows that take no part; null if the mask alone tells.
     * Not to be changed.
     */
    public int[] lengths() {
        return lengths;
    }

    /** Positions that each step sees, for the kernel of our own; null if there is none for this call. */
    public KeysValues.Window seen() {
        return seen;
    }

    Tensor writeIndex() {
        return writeIndex;
    }

    /** Which keys each query sees, [B, 1, N, T], BOOL or see {@link io.github.moshivis.tensor.Ops#additiveMask}; null if all see all. */
    public Tensor mask() {
        return mask;
    }
}
