package io.github.moshivis.server.telephone;

import java.util.Arrays;

/**
 * Queue of audio that arrives in pieces of any length and leaves in frames of 20 ms. It gives frames when enough are queued, initially and
 * after it has run empty; when too many are queued, the oldest are dropped. Thread-safe.
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
     * @param enough number of queued frames before the first is given
     * @param most maximum number of frames; when exceeded, the oldest are dropped until {@code enough} are left
     */
    FrameQueue(int frame, int enough, int most) {
        this.frame = frame;
        this.enough = enough * frame;
        this.most = most * frame;
    }

    /** Adds audio of any length. */
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

    /** Returns the next frame; null if there is none now. */
    synchronized byte[] next() {
        giving = bytes.length >= frame && (giving || bytes.length >= enough);
        if (!giving) {
            return null;
        }
        byte[] next = Arrays.copyOf(bytes, frame);
        bytes = Arrays.copyOfRange(bytes, frame, bytes.length);
        return next;
    }

    /** Drops all frames. */
    synchronized void clear() {
        bytes = new byte[0];
        giving = false;
    }

    /** Returns the number of dropped frames. */
    synchronized long dropped() {
        return dropped;
    }
}
