package io.github.moshivis.server.metrics;

import java.util.function.LongSupplier;

/**
 * A number that is asked for when it is read.
 *
 * @param name of the metric
 * @param help what it is
 * @param value gives it; safe for all threads
 */
public record Gauge(String name, String help, LongSupplier value) implements Metric {
    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "gauge");
        out.append(name).append(' ').append(value.getAsLong()).append('\n');
    }
}
