package io.github.moshivis.test;

import io.github.moshivis.io.AudioSource;
import java.time.Duration;

/** Durations as numbers of samples. */
final class Sound {
    private static final long SECOND = 1_000_000_000L;

    private Sound() {}

    static int samples(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("A sound cannot last " + duration + "; expected zero or more");
        }
        return Math.toIntExact(duration.toMillis() * AudioSource.SAMPLE_RATE / 1000);
    }

    static Duration duration(long samples) {
        return Duration.ofNanos(samples * SECOND / AudioSource.SAMPLE_RATE);
    }
}
