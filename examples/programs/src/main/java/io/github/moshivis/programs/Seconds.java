package io.github.moshivis.programs;

import java.time.Duration;

/** Durations on the command line: decimal numbers of seconds. */
public final class Seconds {
    private static final double NANOS = 1e9;

    private Seconds() {}

    /**
     * Converts a duration that must not be zero.
     *
     * @param option the option's name, for the message
     * @param value seconds
     * @return the duration, rounded to nanoseconds
     * @throws IllegalArgumentException if the value is not a number above 0, or above {@link Integer#MAX_VALUE}
     */
    public static Duration positive(String option, double value) {
        if (!(value > 0) || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(option + " is a length in seconds: found " + value
                    + ", expected a number of more than 0. Correct it");
        }
        return duration(value);
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
        if (!(value >= 0) || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(option + " is a length in seconds: found " + value
                    + ", expected a finite number of at least 0. Correct it");
        }
        return duration(value);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS));
    }
}
