package io.github.moshivis.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/**
 * One place in the queue for a slot, then that slot until it is taken. No thread waits for it: {@link #turn} completes. Thread-safe.
 */
public final class QueueEntry {
    private final Slots slots;
    final CompletableFuture<Void> turn = new CompletableFuture<>();
    /** Written under the engine's lock. */
    volatile int position;
    /** The slot between admission and {@link #take}; guarded by the engine's lock. */
    SlotLease lease;
    /** Guarded by the engine's lock. */
    boolean taken;

    QueueEntry(Slots slots) {
        this.slots = slots;
    }

    /**
     * Returns the position in the queue.
     *
     * @return 1 for the next to be admitted; 0 once the wait is over
     */
    public int position() {
        return position;
    }

    /**
     * Returns the end of the wait.
     *
     * @return completes when a slot is reserved for this entry; exceptionally with a {@code ConversationException} if the entry is
     *     cancelled before, or the engine closed. Dependents run on the thread that frees the slot, without the engine's lock
     */
    public CompletionStage<Void> turn() {
        return turn.minimalCompletionStage();
    }

    /**
     * Takes a new entry at the head of the queue.
     *
     * @return the entry
     */
    public QueueEntry again() {
        return slots.join(true);
    }

    /**
     * Waits until the turn of this entry has come or its wait is over.
     *
     * @param timeout maximum wait
     * @param told hears of the position at first and whenever it changes, on this thread, without the engine's lock
     * @throws io.github.moshivis.errors.ConversationException if the time ends first, or the thread is interrupted, which it stays
     */
    public void await(Duration timeout, IntConsumer told) {
        slots.await(this, timeout, told);
    }

    /**
     * Takes the slot that is reserved for this entry.
     *
     * @return the slot, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if its turn has not come, it was cancelled, or the engine is closed
     * @throws IllegalStateException if it was taken before
     */
    public SlotLease take() {
        return slots.take(this);
    }

    /** Leaves the queue, or frees the reserved slot. Does nothing once the slot has been taken. Idempotent. */
    public void cancel() {
        slots.cancel(this);
    }
}
