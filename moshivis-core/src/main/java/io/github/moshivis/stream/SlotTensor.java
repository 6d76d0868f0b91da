package io.github.moshivis.stream;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/** A tensor [slots, ..] of state, such as the tail of a convolution. Owned by its creator. */
public final class SlotTensor implements AutoCloseable {
    private final Tensor values;
    private final double initial;

    /**
     * Allocates the state and sets all of it to one value.
     *
     * @param initial the value of a fresh slot
     * @param dtype the type
     * @param device where it lives
     * @param shape [slots, ..]
     */
    public SlotTensor(double initial, DType dtype, Device device, long... shape) {
        try (Scope scope = Scope.open()) {
            this.initial = initial;
            this.values = Tensor.full(initial, dtype, device, shape).keep();
        }
    }

    /** The rows of a call. A view [B, ..], which later updates change. */
    public Tensor get(Rows rows) {
        return first(rows.count());
    }

    /** The first rows. A view, which later updates change. */
    Tensor first(long count) {
        return values.narrow(0, 0, count);
    }

    /** Replaces the active rows by those of a tensor [B, ..]. */
    public void set(Rows rows, Tensor fresh) {
        Tensor current = get(rows);
        current.copyFrom(rows.choose(fresh, current));
    }

    /** Makes a slot fresh. */
    public void reset(int slot) {
        try (Scope scope = Scope.open()) {
            values.select(0, slot).fill(initial);
        }
    }

    @Override
    public void close() {
        values.close();
    }
}
