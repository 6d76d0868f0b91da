package io.github.moshivis;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sources and sinks for tests of talks. */
final class Talking {
    private Talking() {}

    /** A source of some samples, read in odd pieces, that remembers what was done to it. */
    static class Samples implements AudioSource {
        final CountDownLatch closed = new CountDownLatch(1);
        volatile boolean opened;
        private final float[] samples;
        private int at;

        Samples(int count) {
            samples = new float[count];
            Random random = new Random(1);
            for (int i = 0; i < count; i++) {
                samples[i] = random.nextFloat() - 0.5f;
            }
        }

        @Override
        public void open() throws IOException {
            opened = true;
        }

        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            int count = Math.min(Math.min(length, 777), samples.length - at);
            System.arraycopy(samples, at, buffer, offset, count);
            at += count;
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** A source of silence, a frame every few milliseconds, that ends when it is closed: a talk lasts until something ends it. */
    static final class Endless extends Samples {
        Endless() {
            super(0);
        }

        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            try {
                return closed.await(5, TimeUnit.MILLISECONDS) ? -1 : length;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** A sink that keeps everything. */
    static class Collector implements AudioSink {
        final CountDownLatch closed = new CountDownLatch(1);
        final List<Float> samples = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void write(float[] buffer, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                samples.add(buffer[i]);
            }
        }

        @Override
        public void close() throws IOException {
            closed.countDown();
        }
    }
}
