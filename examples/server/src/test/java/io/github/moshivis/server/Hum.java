package io.github.moshivis.server;

import io.github.moshivis.io.AudioSource;
import java.util.Arrays;

/** Somebody who hums. */
final class Hum implements AudioSource {
    private long left;
    private volatile boolean closed;

    /**
     * Creates a voice.
     *
     * @param samples how long it lasts
     */
    Hum(long samples) {
        this.left = samples;
    }

    @Override
    public int read(float[] buffer, int offset, int length) {
        int count = (int) Math.min(length, left);
        if (closed || count == 0) {
            return -1;
        }
        Arrays.fill(buffer, offset, offset + count, 0.01f);
        left -= count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
    }
}
