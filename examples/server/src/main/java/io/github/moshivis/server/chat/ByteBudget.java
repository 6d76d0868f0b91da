package io.github.moshivis.server.chat;

/** Budget for the bytes of pictures of all callers together. Thread-safe. */
final class ByteBudget {
    private final long limit;
    private long used;

    ByteBudget(long limit) {
        this.limit = limit;
    }

    /**
     * Takes some bytes.
     *
     * @return false if too few are left; then none are taken
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

    /** Returns the number of bytes in use. */
    synchronized long used() {
        return used;
    }
}
