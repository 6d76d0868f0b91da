package io.github.moshivis.cli;

import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Slows a file down to real time: a frame is given when it would have been spoken. Loses nothing, so it is not live. */
final class RealTimeSource implements AudioSource {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AudioSource source;
    private long start;
    private long samples;

    /** Takes over a source, which is opened and closed with this one. */
    RealTimeSource(AudioSource source) {
        this.source = source;
    }

    @Override
    public void open() throws IOException {
        source.open();
        start = System.nanoTime();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        int count = source.read(buffer, offset, Math.min(length, FRAME_SAMPLES));
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

    @Override
    public Optional<Path> file() {
        return source.file();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
