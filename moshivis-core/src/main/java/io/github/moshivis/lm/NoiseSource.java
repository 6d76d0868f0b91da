package io.github.moshivis.lm;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Independent numbers of the standard exponential distribution, the same for the same seed on every machine and Java version. One
 * for each slot and kind of token, so that rows never share randomness.
 */
class NoiseSource {
    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");

    /** Keeps quotients finite; drawn with probability 1e-30. */
    private static final double LEAST = 1e-30;

    private final RandomGenerator generator;

    NoiseSource(long seed) {
        generator = FACTORY.create(seed);
    }

    /** Fills a range of an array. */
    void fill(float[] values, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            values[i] = (float) Math.max(LEAST, -Math.log1p(-generator.nextDouble()));
        }
    }
}
