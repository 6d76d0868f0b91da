package io.github.moshivis.server.chat;

/** How many bytes of pictures all callers together may have here at once. Safe for all threads. */
final class ByteBudget {
    private final long limit;
    private long used;

    ByteBudget(long limit) {
        this.limit = limit;
    }

    /**
     * Takes some bytes.
     *
     * @return false, and nothing is taken, if there are not as many
     */
    synchronized boolean take(long bytes) {
        if (used + bytes > limit) {
            return false;
        }
        used += bytes;
        return true;
    }

    /** Gives bytes back that were taken. */
    synchronized void giveBack(long bytes) {
        used -= bytes;
    }

    /** How many are taken. */
    synchronized long used() {
        return used;
    }
}
