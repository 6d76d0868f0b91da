package io.github.moshivis.engine;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The clock of a machine that sleeps, is moved or is set: it goes on in leaps, also backwards. */
public final class JumpingClock implements LongSupplier {
    private static final long FARTHEST = Duration.ofHours(2).toNanos();

    private final AtomicLong ahead = new AtomicLong();

    /** An engine that goes by this clock. */
    public Engine start(Engine.Parts parts) {
        return Engine.start(parts, Ticker::on, this);
    }

    /** Leaps by up to two hours in either direction. */
    public void jump(long seed) {
        ahead.addAndGet(new Random(seed).nextLong(-FARTHEST, FARTHEST));
    }

    @Override
    public long getAsLong() {
        return System.nanoTime() + ahead.get();
    }
}
