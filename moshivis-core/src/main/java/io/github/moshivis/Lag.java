package io.github.moshivis;

import java.time.Duration;

/**
 * A conversation with a live source fell behind.
 *
 * @param kind the kind of lag
 * @param frame index of the user's frame, from 0, skipped ones counted
 * @param behind delay of the reply, length of the pause in playing, or duration of the skipped sound
 */
public record Lag(Kind kind, long frame, Duration behind) {
    /** The ways in which a conversation can fall behind. */
    public enum Kind {
        /** The reply to a frame came more than 80 ms after the frame. */
        LATE,
        /** Nothing was left to play when the next sound came. */
        UNDERRUN,
        /** The frame was not fed to the model, because later ones were waiting: see {@link LagPolicy#SKIP_OLDEST}. */
        SKIPPED
    }
}
