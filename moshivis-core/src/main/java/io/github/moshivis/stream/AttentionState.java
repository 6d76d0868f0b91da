package io.github.moshivis.stream;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KeysValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The state of a causal transformer: a ring for each layer, and for each slot how many steps went before, without limit. */
public final class AttentionState implements AutoCloseable {
    private final int context;
    private final int capacity;
    private final DType dtype;
    private final boolean hasKernel;
    private final long[] positions;
    private final List<KvRing> rings = new ArrayList<>();

    /**
     * Allocates the state of all slots. No more than {@code context} steps are remembered, those of the present call included.
     *
     * @param slots rows
     * @param layers how many rings
     * @param heads H
     * @param context how many steps a step sees at most, its own included
     * @param headDim D
     * @param dtype the type of keys and values
     * @param device where they live
     */
    public AttentionState(int slots, int layers, int heads, int context, int headDim, DType dtype, Device device) {
        this(slots, layers, heads, context, 1, headDim, dtype, device);
    }

    /**
     * Allocates the state of all slots, with rings long enough that each of several new steps in a call sees all of its context.
     *
     * @param slots rows
     * @param layers how many rings
     * @param heads H
     * @param context how many steps a step sees at most, its own included
     * @param stepsPerCall the largest N of a call that loses nothing
     * @param headDim D
     * @param dtype the type of keys and values
     * @param device where they live
     */
    public AttentionState(
            int slots, int layers, int heads, int context, int stepsPerCall, int headDim, DType dtype, Device device) {
        this.context = context;
        this.capacity = context + stepsPerCall - 1;
        this.dtype = dtype;
        this.hasKernel = KeysValues.hasKernel(headDim, device);
        this.positions = new long[slots];
        for (int i = 0; i < layers; i++) {
            rings.add(new KvRing(slots, heads, capacity, headDim, dtype, device));
        }
    }

    /** Returns the number of earlier steps for each row of a call; a copy. */
    public long[] positions(Rows rows) {
        return Arrays.copyOf(positions, rows.count());
    }

    /** Lays the window of the next N steps out. */
    public RingPlan plan(Rows rows, int steps) {
        return new RingPlan(rows, positions, steps, capacity, context, dtype, hasKernel);
    }

    /** The ring of a layer. */
    public KvRing ring(int layer) {
        return rings.get(layer);
    }

    /** Makes all rings ready for a program that attends in a window. */
    public void show(RingWindow window) {
        rings.forEach(ring -> ring.show(window));
    }

    /** Counts N steps in the active rows; called once a step, after it was planned. */
    public void advance(Rows rows, int steps) {
        for (int row = 0; row < rows.count(); row++) {
            if (rows.isActive(row)) {
                positions[row] += steps;
            }
        }
    }

    /** Makes a slot go on as if steps had gone before, of which its rings hold nothing. */
    public void assumePast(int slot, long steps) {
        positions[slot] = steps;
    }

    /**
     * Makes a slot go on where slot 0 of another state of the same layers is, with all that it holds.
     *
     * @param slot which
     * @param source of no more steps than this state remembers
     */
    public void copy(int slot, AttentionState source) {
        int steps = Math.toIntExact(source.positions[0]);
        for (int i = 0; i < rings.size(); i++) {
            rings.get(i).copy(slot, source.ring(i), steps);
        }
        positions[slot] = steps;
    }

    /** Makes a slot fresh. What its rings hold is never seen again. */
    public void reset(int slot) {
        positions[slot] = 0;
    }

    @Override
    public void close() {
        rings.forEach(KvRing::close);
    }
}
