package io.github.moshivis.evaluate;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSource;
import java.io.IOException;

/** A source that counts its samples. The count is read after the conversation. */
final class CountedSource extends ForwardingSource {
    private volatile long samples;

    CountedSource(AudioSource source) {
        super(source);
    }

    /** Duration of what was read. */
    double seconds() {
        return (double) samples / SAMPLE_RATE;
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        samples += Math.max(0, count);
        return count;
    }
}
