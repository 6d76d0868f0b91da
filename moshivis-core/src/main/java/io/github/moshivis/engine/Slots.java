package io.github.moshivis.engine;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.function.IntConsumer;

/**
 * Slots of an engine and the queue for them: first come, first served. All fields are guarded by
 * the engine's lock; futures are completed without it.
 */
public final class Slots {
    /** Longer waits are waits without end; 146 years fit the clock. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final Engine engine;
    private final SlotLease[] leases;
    private final ArrayDeque<QueueEntry> queue = new ArrayDeque<>();
    /** Signals that the queue has changed. */
    private final Condition moved;

    Slots(Engine engine, int count) {
        this.engine = engine;
        this.leases = new SlotLease[count];
        this.moved = engine.lock.newCondition();
    }

    /**
     * Counts all slots.
     *
     * @return 1 or more
     */
    public int size() {
        return leases.length;
    }

    /**
     * Claims the lowest free slot without waiting.
     *
     * @return the slot, to be closed by the caller
     * @throws ConversationException if there is none, callers are waiting, or the engine is closed
     */
    public SlotLease claim() {
        engine.lock.lock();
        try {
            engine.requireOpen();
            SlotLease lease = queue.isEmpty() ? claimFree() : null;
            if (lease == null) {
                throw new ConversationException(
                        EndReason.BUSY,
                        "All " + leases.length + " slots of this model are in use"
                                + (queue.isEmpty() ? "" : ", and " + queue.size() + " wait for one")
                                + ". Close a conversation or transcription, wait with waitForSlot, or load the model with a larger"
                                + " LoadOptions.maxConversations");
            }
            return lease;
        } finally {
            engine.lock.unlock();
        }
    }

    private SlotLease claimFree() {
        for (int slot = 0; slot < leases.length; slot++) {
            if (leases[slot] == null) {
                leases[slot] = new SlotLease(engine, slot);
                return leases[slot];
            }
        }
        return null;
    }

    /**
     * Enters the queue, which admits at once if a slot is free.
     *
     * @param first whether at its head rather than its end
     * @return the place in the queue, to be cancelled by the caller unless its slot is taken
     * @throws ConversationException if the engine is closed
     */
    public QueueEntry join(boolean first) {
        QueueEntry entry = new QueueEntry(this);
        List<QueueEntry> admitted;
        engine.lock.lock();
        try {
            engine.requireOpen();
            if (first) {
                queue.addFirst(entry);
            } else {
                queue.addLast(entry);
            }
            admitted = admit();
        } finally {
            engine.lock.unlock();
        }
        admitted.forEach(next -> next.turn.complete(null));
        return entry;
    }

    /** Reserves free slots for the callers that wait longest. Called under the lock; their futures are completed without it. */
    private List<QueueEntry> admit() {
        List<QueueEntry> admitted = new ArrayList<>();
        for (SlotLease lease = freeForNext(); lease != null; lease = freeForNext()) {
            QueueEntry next = queue.poll();
            next.lease = lease;
            next.position = 0;
            admitted.add(next);
        }
        int position = 1;
        for (QueueEntry waiting : queue) {
            waiting.position = position++;
        }
        moved.signalAll();
        return admitted;
    }

    private SlotLease freeForNext() {
        return queue.isEmpty() ? null : claimFree();
    }

    /** Ends a wait, or frees the slot that is reserved, in one step. */
    void cancel(QueueEntry entry) {
        List<QueueEntry> admitted = List.of();
        engine.lock.lock();
        try {
            if (queue.remove(entry)) {
                entry.position = 0;
                admit(); // renumbers; a slot cannot be free while callers wait
            } else if (entry.lease != null) {
                leases[entry.lease.slot] = null;
                entry.lease = null;
                admitted = admit();
            }
        } finally {
            engine.lock.unlock();
        }
        entry.turn.completeExceptionally(new ConversationException(
                EndReason.WAIT_CANCELLED, "The wait for a free slot was cancelled; open again"));
        admitted.forEach(next -> next.turn.complete(null));
    }

    SlotLease take(QueueEntry entry) {
        engine.lock.lock();
        try {
            engine.requireOpen();
            if (entry.taken) {
                throw new IllegalStateException("This ticket was used before; take another ticket");
            }
            if (entry.position > 0) {
                throw new ConversationException(
                        EndReason.BUSY,
                        "The ticket's turn has not come: its position is " + entry.position
                                + ". Open when turn() completes, or wait with waitForSlot");
            }
            if (entry.lease == null) {
                throw new ConversationException(
                        EndReason.WAIT_CANCELLED, "The wait for a free slot was cancelled; open again");
            }
            SlotLease lease = entry.lease;
            entry.lease = null;
            entry.taken = true;
            return lease;
        } finally {
            engine.lock.unlock();
        }
    }

    void await(QueueEntry entry, Duration timeout, IntConsumer told) {
        long start = System.nanoTime();
        long nanos = timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
        int position = 0;
        try {
            while (entry.position > 0) {
                if (entry.position != position) {
                    position = entry.position;
                    told.accept(position);
                } else {
                    awaitMove(entry, position, nanos - (System.nanoTime() - start), timeout);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConversationException(
                    EndReason.INTERRUPTED,
                    "The wait for a free slot was interrupted at position " + position + "; open again",
                    e);
        }
    }

    private void awaitMove(QueueEntry entry, int position, long nanos, Duration timeout) throws InterruptedException {
        engine.lock.lockInterruptibly();
        try {
            long left = nanos;
            while (entry.position == position) {
                if (left <= 0) {
                    throw new ConversationException(
                            EndReason.BUSY,
                            "No slot of this model became free within " + timeout + ": all " + leases.length
                                    + " are in use, and this one was number " + position
                                    + " of those who wait. Try again later, or wait longer");
                }
                left = moved.awaitNanos(left);
            }
        } finally {
            engine.lock.unlock();
        }
    }

    /** Frees a slot; the next in the queue gets it. */
    void release(SlotLease lease) {
        List<QueueEntry> admitted = List.of();
        engine.lock.lock();
        try {
            if (leases[lease.slot] == lease) {
                leases[lease.slot] = null;
                admitted = admit();
            }
        } finally {
            engine.lock.unlock();
        }
        admitted.forEach(next -> next.turn.complete(null));
    }

    /**
     * Counts the free slots.
     *
     * @return slots that are neither in use nor reserved
     */
    public int free() {
        engine.lock.lock();
        try {
            int free = 0;
            for (SlotLease lease : leases) {
                free += lease == null ? 1 : 0;
            }
            return free;
        } finally {
            engine.lock.unlock();
        }
    }

    /**
     * Counts the entries that wait.
     *
     * @return 0 or more
     */
    public int waiting() {
        engine.lock.lock();
        try {
            return queue.size();
        } finally {
            engine.lock.unlock();
        }
    }

    /** Conversations that have a frame for a tick. Called under the engine's lock. */
    List<SlotLease> ready() {
        List<SlotLease> ready = new ArrayList<>();
        for (SlotLease lease : leases) {
            if (lease != null && lease.isReady()) {
                ready.add(lease);
            }
        }
        return ready;
    }

    /**
     * Returns whether a tick should wait for more frames: those that have one are not paced, and others of that kind will have one soon.
     * Called under the engine's lock.
     */
    boolean isGathering() {
        List<SlotLease> ready = ready();
        return !ready.isEmpty()
                && ready.stream().allMatch(lease -> lease.unpaced)
                && Arrays.stream(leases)
                        .anyMatch(lease -> lease != null && lease.expected && lease.ended == null && !lease.isReady());
    }

    /** Waits no more for slots whose frames have not come, until they bring one. Called under the engine's lock. */
    void endGathering() {
        for (SlotLease lease : leases) {
            if (lease != null) {
                lease.expected = false;
            }
        }
    }

    /** Ends all conversations and waits of a closed engine. */
    void end(RuntimeException reason) {
        List<SlotLease.Pending> frames = new ArrayList<>();
        List<QueueEntry> waiting;
        engine.lock.lock();
        try {
            for (SlotLease lease : leases) {
                if (lease != null) {
                    frames.addAll(lease.end(reason));
                }
            }
            waiting = List.copyOf(queue);
            queue.clear();
            waiting.forEach(entry -> entry.position = 0);
            moved.signalAll();
        } finally {
            engine.lock.unlock();
        }
        frames.forEach(frame -> frame.fail(reason));
        waiting.forEach(entry -> entry.turn.completeExceptionally(reason));
    }
}
