package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;

/**
 * Convolutions and transformer of one half of the codec as one program of kernels, for calls of one shape in which all rows are active. Made
 * for one state; owns its memory.
 */
final class HalfProgram implements AutoCloseable {
    private final KernelProgram program = new KernelProgram();
    private final Tensor input;
    private final Tensor positions;
    private final Tensor starts;
    private final Tensor lengths;
    private final Tensor rotations;
    private final Tensor output;

    /** Layers of one half, in their order. */
    interface Layers {
        /** Returns whether a program takes so many rows. */
        boolean isRecorded(long rows);

        /** Appends them to a program and returns the result. */
        Tensor record(KernelProgram program, Tensor input, Tensor rotations, KeysValues.Window window);
    }

    private HalfProgram(Layers layers, Tensor like, KeysValues.Window seen, Tensor angles) {
        input = program.room(DType.F32, like.shape());
        positions = program.room(DType.I64, seen.positions().shape());
        starts = program.room(DType.I64, seen.starts().shape());
        lengths = program.room(DType.I64, seen.lengths().shape());
        rotations = program.room(DType.F32, angles.shape());
        output = layers.record(
                program, input, rotations, new KeysValues.Window(seen.ring(), positions, starts, lengths, seen.ring()));
    }

    /** Tells whether a planned call may be computed by a program. */
    static boolean fits(Layers layers, Rows rows, AttentionPlan plan) {
        return KernelProgram.isUsable()
                && rows.areAllActive()
                && plan.ring().hasKernel()
                && layers.isRecorded(rows.count());
    }

    /**
     * Computes a planned call that {@link #fits} by a program, which is made when a call has its shape for the first time.
     *
     * @param layers of the half
     * @param x F32, the input
     * @param state of the half
     * @param rows the rows of the call
     * @param plan of the transformer
     * @return the result, valid until the next call
     */
    static Tensor run(Layers layers, Tensor x, HalfState state, Rows rows, AttentionPlan plan) {
        RingWindow window = plan.ring().window();
        Tensor angles = plan.rotations().tensor();
        return state.programs()
                .computeIfAbsent(rows.count(), count -> new HalfProgram(layers, x, window.seen(), angles))
                .run(x, state.attention(), window, angles);
    }

    private Tensor run(Tensor x, AttentionState attention, RingWindow window, Tensor angles) {
        KeysValues.Window seen = window.seen();
        input.copyFrom(x);
        positions.copyFrom(seen.positions());
        starts.copyFrom(seen.starts());
        lengths.copyFrom(seen.lengths());
        rotations.copyFrom(angles);
        attention.show(window);
        program.run();
        return output;
    }

    @Override
    public void close() {
        program.close();
    }
}
