package io.github.moshivis.nn;

import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.RingPlan;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Input;

/**
 * Positions and masks of the new steps of one call, for all layers of a causal transformer, computed on the host.
 *
 * @param ring the positions that the call writes, and those that each row attends to
 * @param rotations of their positions, see {@link RotaryEmbedding#rotations}
 */
public record AttentionPlan(RingPlan ring, Input rotations) {
    /**
     * Plans a call, and counts its steps in the active rows.
     *
     * @param rotary the transformer's positions
     * @param state its rings
     * @param rows the rows of the call
     * @param steps N
     */
    public static AttentionPlan of(RotaryEmbedding rotary, AttentionState state, Rows rows, int steps) {
        RingPlan ring = state.plan(rows, steps);
        Input rotations = rotary.rotations(state.positions(rows), steps, rows.inputs());
        state.advance(rows, steps);
        return new AttentionPlan(ring, rotations);
    }
}
