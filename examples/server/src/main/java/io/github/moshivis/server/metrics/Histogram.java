package io.github.moshivis.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Histogram of durations. */
public final class Histogram implements Metric {
    private static final double NANOS = 1e-9;

    private final String name;
    private final String help;
    private final double[] bounds;
    private final LongAdder[] counts;
    private final LongAdder nanos = new LongAdder();

    /**
     * Creates a histogram.
     *
     * @param name ends in {@code _seconds}
     * @param help what it measures
     * @param bounds in seconds, ascending; there is one more without a bound
     */
    public Histogram(String name, String help, double... bounds) {
        this.name = name;
        this.help = help;
        this.bounds = bounds.clone();
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /**
     * Adds one duration.
     *
     * @param duration in nanoseconds
     */
    public void observe(long duration) {
        int bucket = 0;
        while (bucket < bounds.length && duration * NANOS > bounds[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(duration);
    }

    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "histogram");
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i].sum();
            String bound = i == bounds.length ? "+Inf" : Double.toString(bounds[i]);
            out.append(name)
                    .append("_bucket{le=\"")
                    .append(bound)
                    .append("\"} ")
                    .append(sum)
                    .append('\n');
        }
        out.append(name).append("_sum ").append(nanos.sum() * NANOS).append('\n');
        out.append(name).append("_count ").append(sum).append('\n');
    }
}
