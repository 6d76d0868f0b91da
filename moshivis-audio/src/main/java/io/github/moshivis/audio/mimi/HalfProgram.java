package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.RecordedPlan;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;
import java.util.Optional;

/**
 * One half of the codec, quantizer included, as one program of kernels, for calls of one shape in which all rows are active. Belongs to one
 * state; owns its memory.
 */
final class HalfProgram implements AutoCloseable {
    private final KernelProgram program = new KernelProgram();
    private final Tensor input;
    private final RecordedPlan plan;
    private final Tensor output;

    /** Layers of one half, in their order. */
    interface Layers {
        /** Returns whether a program supports a number of rows. */
        boolean isRecorded(long rows);

        /** Appends them to a program and returns the result. */
        Tensor record(KernelProgram program, Tensor input, RecordedPlan plan);
    }

    private HalfProgram(Layers layers, Tensor like, AttentionPlan call) {
        input = program.room(like.dtype(), like.shape());
        plan = new RecordedPlan(program, call);
        output = layers.record(program, input, plan);
    }

    /**
     * Computes a planned call by a program, which is recorded at the first call of a shape.
     *
     * @param layers of the half
     * @param x the input, of one shape and type for each number of rows
     * @param state of the half
     * @param rows the rows of the call
     * @param plan of the transformer
     * @return the result, valid until the next call; null if there is no program, or none may be used now
     */
    static Tensor run(Layers layers, Tensor x, HalfState state, Rows rows, AttentionPlan plan) {
        if (!rows.areAllActive() || !state.resampling().haveStarted(rows) || !RecordedPlan.fits(plan)) {
            return null;
        }
        return state.programs()
                .computeIfAbsent(
                        rows.count(),
                        count -> layers.isRecorded(count)
                                ? Optional.of(new HalfProgram(layers, x, plan))
                                : Optional.empty())
                .map(program -> program.run(x, state.attention(), plan))
                .orElse(null);
    }

    private Tensor run(Tensor x, AttentionState attention, AttentionPlan call) {
        input.copyFrom(x);
        plan.show(call, attention);
        program.run();
        return output;
    }

    @Override
    public void close() {
        program.close();
    }
}
