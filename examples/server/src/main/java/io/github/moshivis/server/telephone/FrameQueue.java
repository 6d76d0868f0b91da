package io.github.moshivis.server.telephone;

import java.util.Arrays;

/**
 * Sound that comes in pieces and goes in frames of 20 ms. It begins to give frames once enough is there, and again so after it has run
 * out; when too much is there, the oldest goes. Safe for all threads.
 */
final class FrameQueue {
    private final int frame;
    private final int enough;
    private final int most;

    // Guarded by this.
    private byte[] bytes = {};
    private boolean giving;
    private long dropped;

    /**
     * Creates an empty queue.
     *
     * @param frame bytes of 20 ms
     * @param enough frames that must be there before the first is given
     * @param most frames that may be there; when there are more, those beyond {@code enough} go, the oldest first
     */
    FrameQueue(int frame, int enough, int most) {
        this.frame = frame;
        this.enough = enough * frame;
        this.most = most * frame;
    }

    /** Takes a piece of any length. */
    synchronized void add(byte[] piece) {
        int length = bytes.length;
        bytes = Arrays.copyOf(bytes, length + piece.length);
        System.arraycopy(piece, 0, bytes, length, piece.length);
        if (bytes.length > most) {
            int excess = bytes.length - enough;
            excess -= excess % frame;
            dropped += excess / frame;
            bytes = Arrays.copyOfRange(bytes, excess, bytes.length);
        }
    }

    /** The next frame; null if there is none now. */
    synchronized byte[] next() {
        giving = bytes.length >= frame && (giving || bytes.length >= enough);
        if (!giving) {
            return null;
        }
        byte[] next = Arrays.copyOf(bytes, frame);
        bytes = Arrays.copyOfRange(bytes, frame, bytes.length);
        return next;
    }

    /** Forgets all that is there. */
    synchronized void clear() {
        bytes = new byte[0];
        giving = false;
    }

    /** Number of frames that were dropped because too many waited. */
    synchronized long dropped() {
        return dropped;
    }
}
