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
    private final Tensor keys;
    private final Tensor values;

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
        try (Scope scope = Scope.open()) {
            keys = Tensor.zeros(dtype, device, slots, heads, capacity + 1L, headDim)
                    .keep();
            values = Tensor.zeros(dtype, device, slots, heads, capacity + 1L, headDim)
                    .keep();
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
        Tensor index = window.writeIndex().expand(key.shape()); // [B, 1, N, 1] -> [B, H, N, D]
        keys.narrow(0, 0, window.rows()).scatter(2, index, key.to(keys.dtype()));
        values.narrow(0, 0, window.rows()).scatter(2, index, value.to(values.dtype()));
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
