package io.github.moshivis.lm;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of the sub-steps of one frame, [slots, H, K, d/H] for each layer. Overwritten in each frame. */
final class DepthCache implements AutoCloseable {
    private final List<KeysValues> layers = new ArrayList<>();
    private final Tensor counts;
    /** For each sub-step its position and the positions that it attends to; empty if there is no kernel. */
    private final List<KeysValues.Window> windows = new ArrayList<>();
    /** For each number of rows that was in use, from 1; null where there is none. */
    private final DepthProgram[] programs;

    DepthCache(int slots, int layers, int heads, int steps, int headDim, DType dtype, Device device) {
        programs = new DepthProgram[slots];
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < layers; i++) {
                this.layers.add(new KeysValues(slots, heads, steps, headDim, dtype, device));
            }
            counts = Tensor.arange(steps + 1L, device)
                    .unsqueeze(1)
                    .expand(steps + 1L, slots)
                    .copy()
                    .contiguous()
                    .keep(); // row s: s for each slot
            for (int step = 0; KeysValues.hasKernel(headDim, device) && step < steps; step++) {
                Tensor position = counts.select(0, step).keep();
                Tensor length = counts.select(0, step + 1L).keep();
                windows.add(new KeysValues.Window(steps, position, null, length, step + 1L));
            }
        }
    }

    /**
     * Attends by a kernel of our own, which remembers the sub-step as well.
     *
     * @param layer the layer
     * @param step the sub-step
     * @param projected [B, 3 d], Q, K, V
     * @return [B, d]; null if there is no kernel: then {@link #write} and attend
     */
    Tensor attend(int layer, int step, Tensor projected) {
        return windows.isEmpty() ? null : layers.get(layer).step(projected, null, windows.get(step));
    }

    boolean hasKernel() {
        return !windows.isEmpty();
    }

    /** Appends {@link #attend} to a program: projected [B, 3 d], y [B, d]. */
    void record(int layer, int step, KernelProgram program, Tensor projected, Tensor y) {
        program.attend(layers.get(layer), projected, null, windows.get(step), y);
    }

    /**
     * The programs for the sub-steps of some rows.
     *
     * @param transformer whose sub-steps
     * @param temporal [B, D]
     * @return them; null if not all of the transformer has kernels, or none may be used now
     */
    DepthProgram program(DepthTransformer transformer, Tensor temporal) {
        int index = (int) temporal.size(0) - 1;
        if (!KernelProgram.isUsable()) {
            return null;
        }
        if (programs[index] == null || !programs[index].isOf(transformer)) {
            if (!DepthProgram.fits(transformer, this, temporal)) {
                return null;
            }
            if (programs[index] != null) {
                programs[index].close();
            }
            programs[index] = new DepthProgram(transformer, this, temporal);
        }
        return programs[index];
    }

    void write(int layer, int step, Tensor key, Tensor value) {
        layers.get(layer).keys().narrow(0, 0, key.size(0)).narrow(2, step, 1).copyFrom(key);
        layers.get(layer).values().narrow(0, 0, key.size(0)).narrow(2, step, 1).copyFrom(value);
    }

    /** The keys up to a sub-step, [B, H, step + 1, d/H]. */
    Tensor keys(int layer, long rows, int step) {
        return layers.get(layer).keys().narrow(0, 0, rows).narrow(2, 0, step + 1L);
    }

    /** The values that belong to {@link #keys}. */
    Tensor values(int layer, long rows, int step) {
        return layers.get(layer).values().narrow(0, 0, rows).narrow(2, 0, step + 1L);
    }

    @Override
    public void close() {
        for (DepthProgram program : programs) {
            if (program != null) {
                program.close();
            }
        }
        layers.forEach(KeysValues::close);
        windows.forEach(window -> {
            window.positions().close();
            window.lengths().close();
        });
        counts.close();
    }
}
