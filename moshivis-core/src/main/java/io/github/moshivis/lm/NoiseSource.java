package io.github.moshivis.lm;

/**
 * Independent numbers of the standard exponential distribution, the same for the same seed on every machine and Java version. One
 * for each slot and kind of token, so that rows never share randomness.
 */
class NoiseSource {
    /** Keeps quotients finite; drawn with probability 1e-30. */
    private static final double LEAST = 1e-30;

    private final Lxm generator;

    NoiseSource(long seed) {
        generator = new Lxm(seed);
    }

    /** Fills a range of an array. */
    void fill(float[] values, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            values[i] = (float) Math.max(LEAST, -Math.log1p(-generator.nextDouble()));
        }
    }
}
