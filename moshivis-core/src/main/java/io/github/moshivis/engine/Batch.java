package io.github.moshivis.engine;

import java.util.ArrayList;
import java.util.List;

/** The frames of one tick and the futures of their results. */
final class Batch {
    private final UserFrame[] frames;
    private final SlotLease[] leases;
    private final SlotLease.Pending[] pending;
    private int size;

    Batch(int slots) {
        frames = new UserFrame[slots];
        leases = new SlotLease[slots];
        pending = new SlotLease.Pending[slots];
    }

    /** Takes the next frame of a slot. Called under the engine's lock. */
    void take(SlotLease lease) {
        leases[lease.slot] = lease;
        pending[lease.slot] = lease.take();
        frames[lease.slot] = pending[lease.slot].frame();
        size++;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns the number of slots with a frame. */
    int size() {
        return size;
    }

    /** Returns the times of the stages, the same in all results. */
    StageTimes times(StepResult[] results) {
        int any = 0;
        while (pending[any] == null) {
            any++;
        }
        return results[any].times();
    }

    /** For each slot its frame, or null. */
    UserFrame[] frames() {
        return frames;
    }

    /** Hands the results out, one for each slot that gave a frame, and counts how long they took. */
    void complete(StepResult[] results, long nanos) {
        for (int slot = 0; slot < results.length; slot++) {
            if (pending[slot] != null) {
                leases[slot].times.record(nanos);
                pending[slot].result().complete(results[slot]);
            }
        }
    }

    /**
     * Ends the conversations of this tick, and no other. Called under the engine's lock.
     *
     * @return the frames of the tick and those that waited behind them, to be failed by the caller without the lock
     */
    List<SlotLease.Pending> end(RuntimeException reason) {
        List<SlotLease.Pending> left = new ArrayList<>();
        for (int slot = 0; slot < leases.length; slot++) {
            if (leases[slot] != null) {
                left.add(pending[slot]);
                left.addAll(leases[slot].end(reason));
            }
        }
        return left;
    }
}
