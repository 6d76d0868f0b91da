package io.github.moshivis;

import java.util.concurrent.atomic.LongAdder;

/** Counts how often all conversations of a model fall behind. Thread-safe. */
final class LagCounter {
    private final LongAdder[] counts = new LongAdder[Lag.Kind.values().length];

    LagCounter() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(Lag.Kind kind) {
        counts[kind.ordinal()].increment();
    }

    LagCounts counts() {
        return new LagCounts(sum(Lag.Kind.LATE), sum(Lag.Kind.UNDERRUN), sum(Lag.Kind.SKIPPED));
    }

    private long sum(Lag.Kind kind) {
        return counts[kind.ordinal()].sum();
    }
}
