package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.engine.JumpingClock;
import io.github.moshivis.tensor.NativeMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several threads use one model at random: nothing hangs, only documented exceptions come, and all comes back. The long part, of {@code
 * soak.minutes}, writes how the process developed to {@code target/soak}.
 */
class ConcurrentHostsTest {
    private static final int SLOTS = 3;
    private static final long MINUTES = Long.getLong("soak.minutes", 30);

    /** Held, as loggers that nobody holds forget their level. Planned failures of hosts are logged. */
    private final Logger log = Logger.getLogger("io.github.moshivis");

    @BeforeEach
    void quiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        log.setLevel(null);
    }

    private static void assertAllIsBack(MoshiVis model, List<Throwable> failures, long seed) {
        assertThat(failures).as("seed " + seed).isEmpty();
        assertThat(model.freeSlots()).as("seed " + seed).isEqualTo(SLOTS);
        assertThat(model.queueLength()).as("seed " + seed).isZero();
    }

    @Test
    @Timeout(600)
    void allComesBack() throws Exception {
        try (MoshiVis model = new FakeModel(SLOTS).model) {
            ConcurrentHosts hosts = new ConcurrentHosts(model);
            for (int seed = 0; seed < 3; seed++) {
                assertAllIsBack(model, hosts.run(seed, 40, false), seed);
            }
        }
    }

    @Test
    @Timeout(600)
    void aModelThatIsClosedInMidTalkEndsEverything() throws Exception {
        for (int seed = 0; seed < 3; seed++) {
            try (MoshiVis model = new FakeModel(SLOTS).model) {
                assertThat(new ConcurrentHosts(model).run(seed, 60, true))
                        .as("seed " + seed)
                        .isEmpty();
            }
        }
    }

    @Test
    @Tag("stress")
    void soakWithFaults() throws Exception {
        soak(Duration.ofMinutes(MINUTES));
    }

    private static void soak(Duration time) throws IOException, InterruptedException {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        Resources resources = new Resources();
        long end = System.nanoTime() + time.toNanos();
        JumpingClock clock = new JumpingClock();
        try (MoshiVis model = new FakeModel(SLOTS, 0, clock::start).model) {
            ConcurrentHosts hosts = new ConcurrentHosts(model);
            long seed = 0;
            for (long next = System.nanoTime(); System.nanoTime() < end; seed++) {
                clock.jump(seed);
                assertAllIsBack(model, hosts.run(seed, 60, false), seed);
                if (System.nanoTime() >= next) {
                    resources.look(hosts.done());
                    resources.write(Path.of("target", "soak"), "hosts");
                    next += time.toNanos() / 200;
                }
            }
            resources.assertFlat(0, 2);
        }
        Leaks.assertNone(before);
    }
}
