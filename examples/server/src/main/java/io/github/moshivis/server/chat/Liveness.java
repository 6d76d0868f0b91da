package io.github.moshivis.server.chat;

import java.time.Duration;

/**
 * Detection of dead clients by ping, which every WebSocket answers by itself: connections can be half open for hours. Used under its
 * caller's lock.
 */
final class Liveness {
    private static final long ASK_AFTER = Duration.ofSeconds(20).toNanos();
    private static final long GONE_AFTER = Duration.ofSeconds(60).toNanos();

    private final Runnable ask;
    private long heard;
    private long asked;

    /**
     * Creates the detection for a connected client.
     *
     * @param ask sends the frame
     * @param now on the clock of {@link System#nanoTime}
     */
    Liveness(Runnable ask, long now) {
        this.ask = ask;
        this.heard = now;
        this.asked = now;
    }

    /** Records a sign of life of the client. */
    void heard(long now) {
        heard = now;
    }

    /** Returns whether the client is dead; sends a ping if one is due. */
    boolean isGone(long now) {
        if (now - asked > ASK_AFTER) {
            asked = now;
            ask.run();
        }
        return now - heard > GONE_AFTER;
    }
}
