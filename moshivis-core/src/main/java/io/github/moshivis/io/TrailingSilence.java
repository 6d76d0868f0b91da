package io.github.moshivis.io;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A source followed by zero samples, up to the end of a frame. */
final class TrailingSilence extends ForwardingSource {
    private boolean sourceEnded;
    private long heard;
    private long remaining;

    TrailingSilence(AudioSource source, Duration duration) {
        super(source);
        if (duration.isNegative()) {
            throw new IllegalArgumentException(
                    "Silence after a source cannot last " + duration + "; give a duration of zero or more");
        }
        this.remaining = Math.round(TimeUnit.NANOSECONDS.convert(duration) * 1e-9 * SAMPLE_RATE);
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        if (!sourceEnded) {
            int count = super.read(buffer, offset, length);
            if (count != -1) {
                heard += count;
                return count; // what breaks the contract, too: the reader names it
            }
            sourceEnded = true;
            remaining += Math.floorMod(-(heard + remaining), FRAME_SAMPLES);
        }
        if (remaining == 0) {
            return -1;
        }
        int count = (int) Math.min(length, remaining);
        Arrays.fill(buffer, offset, offset + count, 0f);
        remaining -= count;
        return count;
    }
}
