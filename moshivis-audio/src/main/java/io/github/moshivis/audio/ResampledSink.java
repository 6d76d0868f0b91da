package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.ForwardingSink;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** A sink of one rate and several channels that takes another rate and one channel; see {@link Resampled#to}. */
final class ResampledSink extends ForwardingSink {
    /** Interleaved samples that are handed on at once, or one of each channel if there are more channels. */
    private static final int BLOCK = 1024;

    private final Resampler resampler;
    private final int channels;
    private final float[] mono;
    private final float[] interleaved;
    /** Held while the resampler works, never waited for by {@link #close}: who holds it may be blocked in the sink. */
    private final ReentrantLock working = new ReentrantLock();

    private volatile boolean closed;

    ResampledSink(Resampler resampler, int channels, AudioSink sink) {
        super(sink);
        this.resampler = resampler;
        this.channels = channels;
        this.mono = new float[Math.max(1, BLOCK / channels)];
        this.interleaved = new float[mono.length * channels];
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, samples.length);
        working.lock();
        try {
            if (closed) {
                throw new IllegalStateException(
                        "The resampled sink is closed and takes no more samples; write before closing it");
            }
            for (int done = 0; done < length && !closed; done += BLOCK) {
                resampler.write(samples, offset + done, Math.min(BLOCK, length - done));
                drain();
            }
        } finally {
            working.unlock();
        }
    }

    private void drain() throws IOException {
        for (int count = resampler.read(mono, 0, mono.length);
                count > 0;
                count = resampler.read(mono, 0, mono.length)) {
            for (int i = 0; i < count; i++) {
                Arrays.fill(interleaved, i * channels, (i + 1) * channels, mono[i]);
            }
            super.write(interleaved, 0, count * channels);
        }
    }

    @Override
    public void close() throws IOException {
        boolean first = !closed;
        closed = true;
        try {
            if (first && working.tryLock()) {
                try {
                    resampler.end();
                    drain();
                } finally {
                    working.unlock();
                }
            }
        } finally {
            super.close();
        }
    }
}
