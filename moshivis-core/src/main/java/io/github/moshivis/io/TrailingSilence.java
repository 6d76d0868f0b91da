package io.github.moshivis.io;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A source followed by zero samples, up to the end of a frame. */
final class TrailingSilence implements AudioSource {
    private final AudioSource source;
    private boolean sourceEnded;
    private long heard;
    private long remaining;

    TrailingSilence(AudioSource source, Duration duration) {
        this.source = Objects.requireNonNull(source, "source");
        if (duration.isNegative()) {
            throw new IllegalArgumentException(
                    "Silence after a source cannot last " + duration + "; give a duration of zero or more");
        }
        this.remaining = Math.round(duration.toNanos() * 1e-9 * SAMPLE_RATE);
    }

    @Override
    public void open() throws IOException {
        source.open();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        if (!sourceEnded) {
            int count = source.read(buffer, offset, length);
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

    @Override
    public boolean isLive() {
        return source.isLive();
    }

    @Override
    public Optional<Path> file() {
        return source.file();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
