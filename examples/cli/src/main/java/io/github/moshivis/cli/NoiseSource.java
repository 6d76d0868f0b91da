package io.github.moshivis.cli;

import io.github.moshivis.io.AudioSource;
import java.util.Random;

/** A number of frames of soft noise, as fast as they are taken. */
final class NoiseSource implements AudioSource {
    private static final float LEVEL = 0.1f;

    private final Random random = new Random(1);
    private long remaining;

    NoiseSource(int frames) {
        remaining = (long) frames * FRAME_SAMPLES;
    }

    @Override
    public int read(float[] buffer, int offset, int length) {
        int count = (int) Math.min(length, remaining);
        for (int i = offset; i < offset + count; i++) {
            buffer[i] = LEVEL * (float) random.nextGaussian();
        }
        remaining -= count;
        return count == 0 ? -1 : count;
    }

    @Override
    public void close() {
        remaining = 0;
    }
}
