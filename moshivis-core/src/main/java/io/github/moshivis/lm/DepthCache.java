package io.github.moshivis.lm;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of the sub-steps of one frame, [slots, H, K, d/H] for each layer. Written anew in each frame. */
final class DepthCache implements AutoCloseable {
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();

    DepthCache(int slots, int layers, int heads, int steps, int headDim, DType dtype, Device device) {
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < layers; i++) {
                keys.add(Tensor.zeros(dtype, device, slots, heads, steps, headDim)
                        .keep());
                values.add(Tensor.zeros(dtype, device, slots, heads, steps, headDim)
                        .keep());
            }
        }
    }

    void write(int layer, int step, Tensor key, Tensor value) {
        keys.get(layer).narrow(0, 0, key.size(0)).narrow(2, step, 1).copyFrom(key);
        values.get(layer).narrow(0, 0, key.size(0)).narrow(2, step, 1).copyFrom(value);
    }

    /** The keys up to a sub-step, [B, H, step + 1, d/H]. */
    Tensor keys(int layer, long rows, int step) {
        return keys.get(layer).narrow(0, 0, rows).narrow(2, 0, step + 1L);
    }

    /** The values that belong to {@link #keys}. */
    Tensor values(int layer, long rows, int step) {
        return values.get(layer).narrow(0, 0, rows).narrow(2, 0, step + 1L);
    }

    @Override
    public void close() {
        keys.forEach(Tensor::close);
        values.forEach(Tensor::close);
    }
}
