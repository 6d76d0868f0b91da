package io.github.moshivis.nn;

import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;

/** Positions and windows of a program's attention, which each call replaces by its own. Memory of the program. */
public final class RecordedPlan {
    private final KeysValues.Window window;
    private final Tensor rotations;

    /**
     * Makes room for plans.
     *
     * @param program owns the memory
     * @param plan see {@link #fits}; its numbers of rows and steps count
     */
    public RecordedPlan(KernelProgram program, AttentionPlan plan) {
        KeysValues.Window seen = plan.ring().window().seen();
        window = new KeysValues.Window(
                seen.ring(),
                program.room(DType.I64, seen.positions().shape()),
                program.room(DType.I64, seen.starts().shape()),
                program.room(DType.I64, seen.lengths().shape()),
                seen.ring());
        rotations = program.room(DType.F32, plan.rotations().tensor().shape());
    }

    /** Tells whether programs attend as a plan wants: there are kernels, and no gradients are wanted. */
    public static boolean fits(AttentionPlan plan) {
        return KernelProgram.isUsable() && plan.ring().hasKernel();
    }

    /** Places of new steps and of what they see, in every call. */
    public KeysValues.Window window() {
        return window;
    }

    /** Rotations of new steps, in every call. */
    public Tensor rotations() {
        return rotations;
    }

    /** Prepares the next run: takes a plan of the same shape, and makes the rings ready. */
    public void show(AttentionPlan plan, AttentionState state) {
        RingWindow next = plan.ring().window();
        window.positions().copyFrom(next.seen().positions());
        window.starts().copyFrom(next.seen().starts());
        window.lengths().copyFrom(next.seen().lengths());
        rotations.copyFrom(plan.rotations().tensor());
        state.show(next);
    }
}
