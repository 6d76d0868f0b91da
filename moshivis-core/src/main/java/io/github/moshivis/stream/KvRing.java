package io.github.moshivis.stream;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/**
 * Keys and values of the last steps, [slots, H, capacity + 1, D] each: position p stands at index p mod capacity, so nothing is
 * ever moved. The last index takes what masked rows write, which nobody reads.
 */
public final class KvRing implements AutoCloseable {
    /** Steps that are made ready at a time. */
    private static final int BLOCK = 256;

    private final Tensor keys;
    private final Tensor values;
    private final int capacity;
    private int ready;

    /**
     * Allocates a ring.
     *
     * @param slots rows
     * @param heads H
     * @param capacity steps that are remembered
     * @param headDim D
     * @param dtype the type of keys and values
     * @param device where they live
     */
    public KvRing(int slots, int heads, int capacity, int headDim, DType dtype, Device device) {
        this.capacity = capacity;
        try (Scope scope = Scope.open()) {
            keys = Tensor.empty(dtype, device, slots, heads, capacity + 1L, headDim)
                    .keep();
            values = Tensor.empty(dtype, device, slots, heads, capacity + 1L, headDim)
                    .keep();
            if (!device.isCpu()) {
                makeReady(capacity);
            }
        }
    }

    /**
     * Sets what a window may show for the first time to zero: a masked key must still be a number. On a CPU memory is taken only
     * when it is touched, so a young conversation does not pay for the whole ring.
     */
    private void makeReady(int length) {
        if (length > ready) {
            int upTo = Math.min(capacity, (length + BLOCK - 1) / BLOCK * BLOCK);
            keys.narrow(2, ready, upTo - ready).fill(0);
            values.narrow(2, ready, upTo - ready).fill(0);
            ready = upTo;
        }
    }

    /**
     * Writes the new steps of a call.
     *
     * @param window where they go
     * @param key [B, H, N, D]
     * @param value [B, H, N, D]
     */
    public void write(RingWindow window, Tensor key, Tensor value) {
        makeReady(window.length());
        Tensor index = window.writeIndex().expand(key.shape()); // [B, 1, N, 1] -> [B, H, N, D]
        keys.narrow(0, 0, window.rows()).scatter(2, index, key.to(keys.dtype()));
        values.narrow(0, 0, window.rows()).scatter(2, index, value.to(values.dtype()));
    }

    /**
     * Copies the first steps of slot 0 of another ring.
     *
     * @param slot where to
     * @param source of the same heads, at least as many steps long
     * @param steps how many, at most the capacity
     */
    void copy(int slot, KvRing source, int steps) {
        try (Scope scope = Scope.open()) {
            makeReady(steps);
            keys.select(0, slot)
                    .narrow(1, 0, steps)
                    .copyFrom(source.keys.select(0, 0).narrow(1, 0, steps));
            values.select(0, slot)
                    .narrow(1, 0, steps)
                    .copyFrom(source.values.select(0, 0).narrow(1, 0, steps));
        }
    }

    /** The keys that a call may see, [B, H, T, D]. A view. */
    public Tensor keys(RingWindow window) {
        return view(keys, window);
    }

    /** The values that belong to {@link #keys}, [B, H, T, D]. A view. */
    public Tensor values(RingWindow window) {
        return view(values, window);
    }

    private static Tensor view(Tensor ring, RingWindow window) {
        return ring.narrow(0, 0, window.rows()).narrow(2, 0, window.length());
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
