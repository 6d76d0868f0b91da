package io.github.moshivis.server.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counter with one label. Label values come from the program, never from callers, so that their number is bounded. */
public final class Counter implements Metric {
    private final String name;
    private final String help;
    private final String label;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * Creates a counter.
     *
     * @param name ends in {@code _total}
     * @param help what it counts
     * @param label name of the label
     * @param values label values that are shown even at 0
     */
    public Counter(String name, String help, String label, String... values) {
        this.name = name;
        this.help = help;
        this.label = label;
        for (String value : values) {
            counts.put(value, new LongAdder());
        }
    }

    /**
     * Counts one.
     *
     * @param value the label's
     */
    public void add(String value) {
        counts.computeIfAbsent(value, key -> new LongAdder()).increment();
    }

    /**
     * Returns the number so far.
     *
     * @param value the label's
     * @return the number so far
     */
    public long count(String value) {
        LongAdder count = counts.get(value);
        return count == null ? 0 : count.sum();
    }

    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "counter");
        new TreeMap<>(counts).forEach((value, count) -> out.append(name)
                .append('{')
                .append(label)
                .append("=\"")
                .append(value)
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
    }
}
