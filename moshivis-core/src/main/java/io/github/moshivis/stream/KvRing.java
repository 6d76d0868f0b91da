package io.github.moshivis.stream;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/**
 * Keys and values of the last steps, [slots, H, capacity + 1, D] each: position p stands at index p mod capacity, so nothing is
 * ever moved. The last index takes the writes of masked rows and is never read.
 */
public final class KvRing implements AutoCloseable {
    /** Steps that are made ready at a time. */
    private static final int BLOCK = 256;

    private final KeysValues past;
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
        past = new KeysValues(slots, heads, capacity + 1L, headDim, dtype, device);
        if (!device.isCpu()) {
            try (Scope scope = Scope.open()) {
                makeReady(capacity);
            }
        }
    }

    /**
     * Zeroes positions that enter a window for the first time: a key that was never written must still be a number. On a CPU memory is taken only
     * when it is touched, so a young conversation does not pay for the whole ring.
     */
    private void makeReady(int length) {
        if (length > ready) {
            int upTo = Math.min(capacity, (length + BLOCK - 1) / BLOCK * BLOCK);
            past.clear(ready, upTo - ready);
            ready = upTo;
        }
    }

    /**
     * Attends by a kernel of our own, which rotates, remembers and attends at once.
     *
     * @param window of this call
     * @param projected [B, N, 3 * H * D], Q, K, V, F32 or BF16, contiguous
     * @param rotations of the new steps, F32 [B, 1, N, D / 2, 2]
     * @return [B, N, H * D]; null if this window needs {@link #write} and a mask
     */
    public Tensor attend(RingWindow window, Tensor projected, Tensor rotations) {
        if (window.seen() == null) {
            return null;
        }
        makeReady(window.length());
        return past.step(projected, rotations, window.seen());
    }

    /** Appends {@link #attend} to a program, whose callers {@link #show} each window first; y takes the result. */
    public void record(KernelProgram program, Tensor projected, Tensor rotations, KeysValues.Window window, Tensor y) {
        program.attend(past, projected, rotations, window, y);
    }

    /** Makes the keys and values of a window ready for a program. */
    void show(RingWindow window) {
        makeReady(window.length());
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
        past.keys()
                .narrow(0, 0, window.rows())
                .scatter(2, index, key.to(past.keys().dtype()));
        past.values()
                .narrow(0, 0, window.rows())
                .scatter(2, index, value.to(past.values().dtype()));
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
            past.write(
                    slot,
                    source.past.keys().select(0, 0).narrow(1, 0, steps),
                    source.past.values().select(0, 0).narrow(1, 0, steps));
        }
    }

    /** The keys that a call may see, [B, H, T, D]. A view. */
    public Tensor keys(RingWindow window) {
        return view(past.keys(), window);
    }

    /** The values that belong to {@link #keys}, [B, H, T, D]. A view. */
    public Tensor values(RingWindow window) {
        return view(past.values(), window);
    }

    private static Tensor view(Tensor ring, RingWindow window) {
        return ring.narrow(0, 0, window.rows()).narrow(2, 0, window.length());
    }

    @Override
    public void close() {
        past.close();
    }
}
