package io.github.moshivis.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations on a logarithmic scale of fixed size: sixteen steps for each doubling, so that a quantile is at most 6 % too large.
 * Recorded by one thread, read by all.
 */
public final class FrameHistogram {
    private static final int STEPS = 16;
    private static final int STEP_BITS = 4;

    /** Below 2^10 ns, about a microsecond, all is one. */
    private static final int MIN_BITS = 10;

    /** Up to 2^37 ns, about two minutes. */
    private static final int BUCKETS = (37 - MIN_BITS) * STEPS;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong worst = new AtomicLong();

    void record(long nanos) {
        counts.incrementAndGet(bucket(nanos));
        total.addAndGet(nanos);
        worst.accumulateAndGet(nanos, Math::max);
    }

    private static int bucket(long nanos) {
        if (nanos < 1L << MIN_BITS) {
            return 0;
        }
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int step = (int) (nanos >>> (bits - STEP_BITS)) & (STEPS - 1);
        return Math.min((bits - MIN_BITS) * STEPS + step, BUCKETS - 1);
    }

    /** The first duration beyond a bucket. */
    private static long end(int bucket) {
        return (long) (STEPS + bucket % STEPS + 1) << (MIN_BITS - STEP_BITS + bucket / STEPS);
    }

    /**
     * Reads the recorded values.
     *
     * @return a copy that does not change
     */
    public Snapshot snapshot() {
        long[] copy = new long[BUCKETS];
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.get(i);
            count += copy[i];
        }
        return new Snapshot(copy, count, total.get(), worst.get());
    }

    /**
     * The durations recorded until some moment.
     *
     * @param counts for each step of the scale
     * @param count how many durations
     * @param total their sum in nanoseconds
     * @param worst the longest, in nanoseconds
     */
    public record Snapshot(long[] counts, long count, long total, long worst) {
        /**
         * A duration that a share of all does not exceed.
         *
         * @param share 0 to 1
         * @return nanoseconds; 0 if nothing was recorded
         */
        public long quantile(double share) {
            long wanted = Math.max(1, (long) Math.ceil(share * count));
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= wanted) {
                    return Math.min(end(i), worst);
                }
            }
            return worst;
        }
    }
}
