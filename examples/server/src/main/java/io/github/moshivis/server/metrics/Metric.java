package io.github.moshivis.server.metrics;

/** A metric for Prometheus. */
public interface Metric {
    /**
     * Writes the metric in Prometheus' text format, version 0.0.4.
     *
     * @param out receives its lines
     */
    void write(StringBuilder out);

    /** Writes the two header lines. */
    static void head(StringBuilder out, String name, String help, String type) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
