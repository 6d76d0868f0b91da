package io.github.moshivis.hub;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential back-off with jitter.
 *
 * @param attempts how many failures in a row, without a byte gained in between, end the work
 * @param first the longest wait after the first failure; it doubles with each further one
 * @param longest the cap of that
 * @param longestAsked the longest wait that a server may ask for by {@code Retry-After}; a longer one ends the work
 */
record RetryPolicy(int attempts, Duration first, Duration longest, Duration longestAsked) {
    /** Retries for about two minutes. */
    static final RetryPolicy STANDARD =
            new RetryPolicy(8, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5));

    /** This policy, for a request whose failure is cheap because the cache can answer too. */
    RetryPolicy onlyOnce() {
        return new RetryPolicy(1, first, longest, longestAsked);
    }

    /** Returns whether to wait as long as a server asked for, if it did. */
    boolean waits(Optional<Duration> asked) {
        return asked.map(wait -> wait.compareTo(longestAsked) <= 0).orElse(true);
    }

    /**
     * Returns the delay before the next attempt.
     *
     * @param failures how many there were in a row, from 1
     * @param asked what the server asked for
     * @return what the server asked for; else a random time between half and all of the back-off
     */
    Duration delay(int failures, Optional<Duration> asked) {
        if (asked.isPresent()) {
            return asked.get();
        }
        long doubled = first.toMillis() << Math.min(failures - 1, 20);
        long capped = Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(capped / 2 + ThreadLocalRandom.current().nextLong(capped / 2 + 1));
    }
}
