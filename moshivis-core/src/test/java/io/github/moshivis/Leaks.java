package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.tensor.NativeMemory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Native objects that are left when a test ends. */
public final class Leaks {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Leaks() {}

    /**
     * Asserts that, now or soon, as many tensors are kept as before, and no more objects are there: what earlier tests left to their threads
     * may end meanwhile.
     *
     * @param before counts at the begin of the test
     */
    public static void assertNone(NativeMemory.Snapshot before) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        NativeMemory.Snapshot now = NativeMemory.snapshot();
        while (!isAsBefore(now, before) && System.nanoTime() < end) {
            LockSupport.parkNanos(20_000_000);
            now = NativeMemory.snapshot();
        }
        assertThat(isAsBefore(now, before)).as("%s after %s", now, before).isTrue();
    }

    private static boolean isAsBefore(NativeMemory.Snapshot now, NativeMemory.Snapshot before) {
        return now.keptTensors() == before.keptTensors()
                && now.keptBytes() == before.keptBytes()
                && now.nativeObjects() <= before.nativeObjects();
    }
}
