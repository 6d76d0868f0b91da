package io.github.moshivis.engine;

/** A place in the queue for a slot. Safe for all threads. */
public final class Place {
    private final Slots slots;
    volatile int position;
    volatile boolean cancelled;

    Place(Slots slots) {
        this.slots = slots;
    }

    /**
     * How many wait up to here, this one included; 1 is the next to get a slot, 0 no longer waits.
     *
     * @return the position at this moment
     */
    public int position() {
        return position;
    }

    /** Gives the place up. Does nothing to one that no longer waits. */
    public void cancel() {
        cancelled = true;
        slots.wakeWaiters();
    }
}
