package io.github.moshivis.cli;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Slows a file down to real time: each frame is available when it would have been spoken. It loses nothing, so it is not live. */
final class RealTimeSource extends ForwardingSource {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private long start;
    private long samples;

    /** Creates the source. It owns the given one. */
    RealTimeSource(AudioSource source) {
        super(source);
    }

    @Override
    public void open() throws IOException {
        super.open();
        start = System.nanoTime();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, Math.min(length, FRAME_SAMPLES));
        if (count > 0) {
            samples += count;
            try {
                TimeUnit.NANOSECONDS.sleep(start + samples * NANOS_PER_SECOND / SAMPLE_RATE - System.nanoTime());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for the next frame");
            }
        }
        return count;
    }
}
