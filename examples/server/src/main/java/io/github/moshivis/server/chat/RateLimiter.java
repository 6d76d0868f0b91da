package io.github.moshivis.server.chat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Token bucket for each address. Keeps a bounded number of addresses; the least recently used is dropped first. Thread-safe.
 */
final class RateLimiter {
    private static final int MAX_ADDRESSES = 10_000;
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private final int perMinute;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private static final class Bucket {
        private double left;
        private long since;
    }

    RateLimiter(int perMinute) {
        this.perMinute = perMinute;
    }

    /**
     * Takes a token of an address; returns false if it has none.
     *
     * @param now on the clock of {@link System#nanoTime}
     */
    synchronized boolean allows(String address, long now) {
        Bucket bucket = buckets.computeIfAbsent(address, key -> {
            Bucket full = new Bucket();
            full.left = perMinute;
            full.since = now;
            return full;
        });
        bucket.left = Math.min(perMinute, bucket.left + perMinute * (now - bucket.since) / MINUTE);
        bucket.since = now;
        if (bucket.left < 1) {
            return false;
        }
        bucket.left--;
        return true;
    }
}
