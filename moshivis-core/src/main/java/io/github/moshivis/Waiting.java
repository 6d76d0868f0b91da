package io.github.moshivis;

import io.github.moshivis.engine.Place;

/** The wait of a conversation for a free place in its model, first come, first served. Safe for all threads. */
public final class Waiting {
    private final Place place;

    Waiting(Place place) {
        this.place = place;
    }

    /**
     * Where in the queue this is now.
     *
     * @return 1 for the next to get a place; 0 once the wait is over
     */
    public int position() {
        return place.position();
    }

    /** Gives up: the opening that waits fails at once. Does nothing once the wait is over. */
    public void cancel() {
        place.cancel();
    }
}
