package io.github.moshivis.server.metrics;

import java.util.function.LongSupplier;

/**
 * A value that is computed when it is read.
 *
 * @param name of the metric
 * @param help its description
 * @param value computes it; thread-safe
 */
public record Gauge(String name, String help, LongSupplier value) implements Metric {
    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "gauge");
        out.append(name).append(' ').append(value.getAsLong()).append('\n');
    }
}
