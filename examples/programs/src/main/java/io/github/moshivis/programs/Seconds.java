package io.github.moshivis.programs;

import java.time.Duration;

/** Durations on the command line: decimal numbers of seconds. */
public final class Seconds {
    private static final double NANOS = 1e9;
    private static final double SHORTEST = 0.001;

    private Seconds() {}

    /**
     * Converts a duration that must not be zero.
     *
     * @param option the option's name, for the message
     * @param value seconds
     * @return the duration, rounded to nanoseconds
     * @throws IllegalArgumentException if the value is less than a millisecond, not a number, or above {@link Integer#MAX_VALUE}
     */
    public static Duration positive(String option, double value) {
        return between(option, value, SHORTEST);
    }

    /**
     * Converts a duration that may be zero.
     *
     * @param option the option's name, for the message
     * @param value seconds
     * @return the duration, rounded to nanoseconds
     * @throws IllegalArgumentException if the value is negative, not a number, or above {@link Integer#MAX_VALUE}
     */
    public static Duration notNegative(String option, double value) {
        return between(option, value, 0);
    }

    private static Duration between(String option, double value, double least) {
        if (!(value >= least && value <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    option + " is a length in seconds: found " + value + ", expected a number of at least " + least
                            + " and at most " + Integer.MAX_VALUE + ". Correct it");
        }
        return Duration.ofNanos(Math.round(value * NANOS));
    }
}
