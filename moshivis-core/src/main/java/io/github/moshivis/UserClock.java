package io.github.moshivis;

import java.util.ArrayDeque;
import java.util.Collections;

/**
 * Time of the user at the position that a token is about, which trails the frames that the model has heard. Frames of silence in
 * between, which are not the user's, take no time. State of one transcription; one thread at a time.
 */
final class UserClock {
    private final ArrayDeque<Double> times = new ArrayDeque<>();
    private final int delay;

    /**
     * Creates a clock at time 0.
     *
     * @param delay steps by which tokens trail
     */
    UserClock(int delay) {
        this.delay = delay;
        restart(0);
    }

    /** Makes tokens be about frames from now on. */
    void restart(double now) {
        times.clear();
        times.addAll(Collections.nCopies(delay + 1, now));
    }

    /**
     * Counts a step.
     *
     * @param now the user's time after the frame that it heard
     * @return the time of the step's token
     */
    double step(double now) {
        times.addLast(now);
        times.removeFirst();
        return times.getFirst();
    }
}
