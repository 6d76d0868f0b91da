package io.github.moshivis.server.chat;

import java.time.Duration;

/**
 * Whether a client is still there: connections can be half open for hours. It is asked now and then by a frame that every WebSocket answers
 * by itself. Used under its caller's lock.
 */
final class Liveness {
    private static final long ASK_AFTER = Duration.ofSeconds(20).toNanos();
    private static final long GONE_AFTER = Duration.ofSeconds(60).toNanos();

    private final Runnable ask;
    private long heard;
    private long asked;

    /**
     * Creates it for a client that is there.
     *
     * @param ask sends the frame
     * @param now on the clock of {@link System#nanoTime}
     */
    Liveness(Runnable ask, long now) {
        this.ask = ask;
        this.heard = now;
        this.asked = now;
    }

    /** The client did something. */
    void heard(long now) {
        heard = now;
    }

    /** Whether the client did not answer for so long that it is gone; asks it if it is time to. */
    boolean isGone(long now) {
        if (now - asked > ASK_AFTER) {
            asked = now;
            ask.run();
        }
        return now - heard > GONE_AFTER;
    }
}
