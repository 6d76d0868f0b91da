package io.github.moshivis.server.metrics;

/** Something that Prometheus can read. */
public interface Metric {
    /**
     * Writes the metric in Prometheus' text form, version 0.0.4.
     *
     * @param out gets its lines
     */
    void write(StringBuilder out);

    /** Writes the two lines that come first. */
    static void head(StringBuilder out, String name, String help, String type) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
