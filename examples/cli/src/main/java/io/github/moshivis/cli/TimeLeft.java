package io.github.moshivis.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/** Percentage of finished work, and the remaining time at the speed so far. Used by one thread at a time. */
final class TimeLeft {
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final double SECONDS_PER_NANO = 1e-9;
    /** Tolerance in percent. */
    private static final double ROUNDING = 1e-6;

    private final LongSupplier clock;
    private final long start;

    /**
     * Starts the clock.
     *
     * @param clock in nanoseconds
     */
    TimeLeft(LongSupplier clock) {
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /**
     * Such as {@code 37 %, 3 min left}; without the time while nothing is done.
     *
     * @param done finished work, in any unit
     * @param before part of it that was finished before the clock started
     * @param total total work
     */
    String text(double done, double before, double total) {
        double most = Math.min(done, total);
        String percent = (total > 0 ? (int) (100 * most / total + ROUNDING) : 100) + " %";
        double seconds = (clock.getAsLong() - start) * SECONDS_PER_NANO;
        return most > before ? percent + ", " + text(seconds * (total - most) / (most - before)) : percent;
    }

    /** Such as {@code 12 s left}. */
    static String text(double seconds) {
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%.0f s left", seconds);
        }
        return seconds < HOUR
                ? String.format(Locale.ROOT, "%.0f min left", seconds / MINUTE)
                : String.format(Locale.ROOT, "%.1f h left", seconds / HOUR);
    }
}
