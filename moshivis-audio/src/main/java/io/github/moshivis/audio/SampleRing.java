package io.github.moshivis.audio;

/** Queue of samples that grows with the largest write, and can drop its oldest samples without a click. Used by one thread at a time. */
final class SampleRing {
    private float[] ring;
    private int start;
    private int filled;

    SampleRing(int capacity) {
        ring = new float[capacity];
    }

    int filled() {
        return filled;
    }

    void append(float[] samples, int offset, int length) {
        if (filled + length > ring.length) {
            float[] larger = new float[filled + length];
            for (int i = 0; i < filled; i++) {
                larger[i] = ring[index(i)];
            }
            ring = larger;
            start = 0;
        }
        for (int i = 0; i < length; i++) {
            ring[index(filled + i)] = samples[offset + i];
        }
        filled += length;
    }

    private int index(int position) {
        return (start + position) % ring.length;
    }

    float take() {
        float sample = ring[start];
        start = index(1);
        filled--;
        return sample;
    }

    /**
     * Drops the oldest samples.
     *
     * @param count number of samples
     * @param fade number of samples of the crossfade
     */
    void drop(int count, int fade) {
        int blended = Math.min(fade, Math.min(count, filled - count));
        for (int i = 0; i < blended; i++) {
            float share = (float) (i + 1) / (blended + 1);
            int later = index(count + i);
            ring[later] = (1 - share) * ring[index(i)] + share * ring[later];
        }
        start = index(count);
        filled -= count;
    }
}
