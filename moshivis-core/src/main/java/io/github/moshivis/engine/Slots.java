package io.github.moshivis.engine;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;

/**
 * Who has which slot, and who waits for one: first come, first served, and nobody overtakes those who wait. All fields are guarded
 * by the engine's lock.
 */
final class Slots {
    private static final System.Logger LOG = System.getLogger(Slots.class.getName());

    /** Longer waits are waits without end; 146 years fit the clock. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final Engine engine;
    private final SlotLease[] leases;
    private final ArrayDeque<Place> queue = new ArrayDeque<>();
    private final Condition freed;

    Slots(Engine engine, int count) {
        this.engine = engine;
        this.leases = new SlotLease[count];
        this.freed = engine.lock.newCondition();
    }

    /**
     * Claims the lowest free slot.
     *
     * @param patience how to wait for one, or null to fail if there is none at once
     * @throws ConversationException if there is none, the wait ends without one, or the engine is closed
     */
    SlotLease claim(Patience patience) {
        engine.lock.lock();
        try {
            engine.requireOpen();
            SlotLease lease = queue.isEmpty() ? claimFree() : null;
            if (lease != null) {
                return lease;
            }
            if (patience == null) {
                throw new ConversationException(
                        EndReason.BUSY,
                        "All " + leases.length + " conversations of this model are in use"
                                + (queue.isEmpty() ? "" : ", and " + queue.size() + " wait for one")
                                + ". Close one, wait with SessionOptions.waitForSlot, or load the model with a larger"
                                + " LoadOptions.maxConversations");
            }
            return await(patience, new Place(this));
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

    private SlotLease await(Patience patience, Place place) {
        Duration timeout = patience.timeout();
        long start = System.nanoTime();
        long nanos = timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
        int told = 0;
        queue.add(place);
        try {
            while (true) {
                engine.requireOpen();
                requireWanted(place);
                SlotLease lease = queue.peek() == place ? claimFree() : null;
                if (lease != null) {
                    return lease;
                }
                place.position = new ArrayList<>(queue).indexOf(place) + 1;
                long left = nanos - (System.nanoTime() - start);
                if (place.position != told) {
                    told = place.position;
                    tell(patience, place);
                } else if (left <= 0) {
                    throw new ConversationException(
                            EndReason.BUSY,
                            "No conversation of this model became free within " + timeout
                                    + ": all " + leases.length + " are in use, and this one was number " + told
                                    + " of those who wait. Try again later, or wait longer");
                } else {
                    freed.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConversationException(
                    EndReason.INTERRUPTED,
                    "The wait for a free conversation was interrupted at position " + told + "; open again",
                    e);
        } finally {
            place.position = 0;
            queue.remove(place);
            freed.signalAll();
        }
    }

    private static void requireWanted(Place place) {
        if (place.cancelled) {
            throw new ConversationException(
                    EndReason.WAIT_CANCELLED, "The wait for a free conversation was cancelled; open again");
        }
    }

    /** Lets the lock go meanwhile: it is the application's code. */
    private void tell(Patience patience, Place place) {
        engine.lock.unlock();
        try {
            patience.listener().accept(place);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A listener failed; the wait for a conversation goes on", e);
        } finally {
            engine.lock.lock();
        }
    }

    /** Takes a slot back. Called under the engine's lock. */
    void release(SlotLease lease) {
        if (leases[lease.slot] == lease) {
            leases[lease.slot] = null;
        }
        freed.signalAll();
    }

    /** Lets those who wait look again. */
    void wakeWaiters() {
        engine.lock.lock();
        try {
            freed.signalAll();
        } finally {
            engine.lock.unlock();
        }
    }

    /** The conversations that have a frame for a tick. Called under the engine's lock. */
    List<SlotLease> ready() {
        List<SlotLease> ready = new ArrayList<>();
        for (SlotLease lease : leases) {
            if (lease != null && lease.isReady()) {
                ready.add(lease);
            }
        }
        return ready;
    }

    /** Ends all conversations, and all waits by way of the closed engine. Called under the engine's lock. */
    void end(RuntimeException reason) {
        for (SlotLease lease : leases) {
            if (lease != null) {
                lease.end(reason);
            }
        }
        freed.signalAll();
    }
}
