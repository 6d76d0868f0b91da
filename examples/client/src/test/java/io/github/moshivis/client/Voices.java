package io.github.moshivis.client;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** Voices for tests. */
final class Voices {
    private Voices() {}

    /** A voice that 16-bit integers hold exactly, each sample unlike its neighbors. */
    static float[] ramp(Duration length) {
        float[] pcm = new float[(int) (length.toMillis() * AudioSource.SAMPLE_RATE / 1000)];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (i * 7) / 0x1p15f;
        }
        return pcm;
    }

    /** 440 Hz at half the volume. */
    static float[] tone(Duration length) {
        float[] pcm = new float[(int) (length.toMillis() * AudioSource.SAMPLE_RATE / 1000)];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (float) Math.sin(2 * Math.PI * 440 * i / AudioSource.SAMPLE_RATE) / 2;
        }
        return pcm;
    }

    /** The root of the mean square. */
    static double loudness(float[] pcm) {
        double sum = 0;
        for (float sample : pcm) {
            sum += sample * sample;
        }
        return Math.sqrt(sum / pcm.length);
    }

    /** Says something once, and remembers whether it was closed. */
    static class Source implements AudioSource {
        private final float[] pcm;
        private int position;
        volatile boolean opened;
        volatile boolean closed;

        Source(float[] pcm) {
            this.pcm = pcm;
        }

        @Override
        public void open() throws IOException {
            opened = true;
        }

        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            int count = Math.min(length, pcm.length - position);
            if (closed || count == 0) {
                return -1;
            }
            System.arraycopy(pcm, position, buffer, offset, count);
            position += count;
            return count;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Keeps what is said to it. */
    static class Sink implements AudioSink {
        private float[] pcm = new float[0];
        volatile boolean closed;

        @Override
        public synchronized void write(float[] samples, int offset, int length) throws IOException {
            int before = pcm.length;
            pcm = Arrays.copyOf(pcm, before + length);
            System.arraycopy(samples, offset, pcm, before, length);
        }

        synchronized float[] pcm() {
            return pcm;
        }

        @Override
        public void close() throws IOException {
            closed = true;
        }
    }
}
