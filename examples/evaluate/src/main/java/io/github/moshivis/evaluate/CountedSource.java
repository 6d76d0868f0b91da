package io.github.moshivis.evaluate;

import io.github.moshivis.io.AudioSource;
import java.io.IOException;

/** A source that counts its samples. The count is read after the conversation. */
final class CountedSource implements AudioSource {
    private final AudioSource source;
    private volatile long samples;

    CountedSource(AudioSource source) {
        this.source = source;
    }

    /** Duration of what was read. */
    double seconds() {
        return (double) samples / SAMPLE_RATE;
    }

    @Override
    public void open() throws IOException {
        source.open();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        int count = source.read(buffer, offset, length);
        samples += Math.max(0, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
