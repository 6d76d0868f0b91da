package io.github.moshivis.server.chat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Who may talk: as many callers as the model has slots, the others in the order of their coming. The library has such a queue too,
 * with a thread for each that waits; here waiting costs nothing, so that hundreds can. Safe for all threads.
 */
final class Admission {
    private final int capacity;

    // Guarded by this.
    private final Deque<Caller> waiting = new ArrayDeque<>();
    private int free;

    /**
     * Creates a queue.
     *
     * @param slots how many may talk at once
     * @param capacity how many may wait; 0 for none
     */
    Admission(int slots, int capacity) {
        this.free = slots;
        this.capacity = capacity;
    }

    /**
     * Joins the queue; {@link Caller#admitted} is called when it is the caller's turn, perhaps before this returns.
     *
     * @param again whether the caller has had its turn before: then it is the next
     * @return the position, 1 for the next, 0 if its turn has come; empty if the queue is full
     */
    Optional<Integer> join(Caller caller, boolean again) {
        synchronized (this) {
            if (free == 0) {
                return wait(caller, again);
            }
            free--;
        }
        caller.admitted();
        return Optional.of(0);
    }

    private Optional<Integer> wait(Caller caller, boolean again) {
        if (again) {
            waiting.addFirst(caller);
            return Optional.of(1);
        }
        if (waiting.size() >= capacity) {
            return Optional.empty();
        }
        waiting.addLast(caller);
        return Optional.of(waiting.size());
    }

    /** Leaves the queue, if the caller is in it. */
    synchronized void leave(Caller caller) {
        waiting.remove(caller);
    }

    /** Gives a slot back; the next one gets it. */
    void release() {
        Caller next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
            }
        }
        if (next != null) {
            next.admitted();
        }
    }

    /** Those who wait, the next one first. */
    synchronized List<Caller> waiting() {
        return List.copyOf(waiting);
    }

    /** How many could talk at once now. */
    synchronized int free() {
        return free;
    }

    /** How many wait. */
    synchronized int length() {
        return waiting.size();
    }
}
