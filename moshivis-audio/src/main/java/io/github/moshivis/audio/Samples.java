package io.github.moshivis.audio;

import java.util.Arrays;

/** A growing array of samples. */
final class Samples {
    private float[] samples = new float[0];
    private int size;

    int size() {
        return size;
    }

    /** Adds samples. */
    void add(float[] source, int offset, int length) {
        int start = extend(length);
        System.arraycopy(source, offset, samples, start, length);
    }

    /** Adds all output of a resampler. */
    void drain(Resampler resampler) {
        float[] block = new float[1024];
        for (int count = resampler.read(block, 0, block.length);
                count > 0;
                count = resampler.read(block, 0, block.length)) {
            add(block, 0, count);
        }
    }

    private int extend(int length) {
        int start = size;
        size = Math.addExact(size, length);
        if (size > samples.length) {
            samples = Arrays.copyOf(samples, Math.max(size, (int) Math.min(2L * start, Integer.MAX_VALUE - 8)));
        }
        return start;
    }

    /** Returns the samples so far. */
    float[] toArray() {
        return Arrays.copyOf(samples, size);
    }
}
