package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Resources;
import io.github.moshivis.Session;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose callers vanish, whose clock leaps and whose disk is full at times: all comes back. The long part, of {@code soak.minutes},
 * writes how the process developed to {@code target/soak}. The disk is a small file system of its own where one can be mounted.
 */
class ServerSoakTest {
    private static final int SLOTS = 3;

    /** Bytes of the keys by which the latest 10,000 connections are rated. */
    private static final long RATING_KEYS = 4_000_000;

    /** Threads of Jetty, of the talks and of the callers' HTTP clients come and go. */
    private static final int POOLS = 100;

    private static final long MINUTES = Long.getLong("soak.minutes", 30);

    @TempDir
    Path recordings;

    /** Held, as loggers that nobody holds forget their level. Planned failures are logged. */
    private final Logger log = Logger.getLogger("io.github.moshivis");

    private final AtomicLong ahead = new AtomicLong();
    private final TestServer server = new TestServer();
    private VanishingCallers callers;
    private volatile MoshiVis model;

    @BeforeEach
    void start() throws Exception {
        log.setLevel(Level.OFF);
        command("mount", "-t", "tmpfs", "-o", "size=2000k", "none", recordings.toString());
        server.clock = () -> System.nanoTime() + ahead.get();
        server.image = ImageMode.OPTIONAL;
        server.slots = SLOTS;
        server.perMinute = Integer.MAX_VALUE;
        server.record = Optional.of(recordings);
        server.protocols =
                new ProtocolOptions(Set.of(), Optional.empty(), Optional.of(new InetSocketAddress("localhost", 0)));
        Supplier<MoshiVis> loading = server.loading;
        server.loading = () -> model = loading.get();
        server.start();
        callers = new VanishingCallers(server, recordings, ahead);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        command("umount", "-l", recordings.toString());
        log.setLevel(null);
    }

    private static void command(String... words) throws InterruptedException {
        try {
            new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
        } catch (IOException e) {
            // no such program: recordings go to the disk
        }
    }

    /** Waits until all callers are gone; who does not come back would hang here. */
    private void assertAllIsBack() throws Exception {
        while (server.metric("moshivis_callers") > 0 || server.metric("moshivis_slots_free") < SLOTS) {
            Thread.sleep(20);
        }
        assertThat(server.metric("moshivis_picture_bytes")).isZero();
    }

    /** Uses all slots in one step, which records programs for as many rows; callers that vanish may come to that after minutes only. */
    private void talkTogether() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SLOTS);
        Callable<Void> silence = this::talk;
        for (Future<Void> talk : threads.invokeAll(Collections.nCopies(SLOTS, silence))) {
            talk.get();
        }
        threads.shutdown();
    }

    private Void talk() {
        try (Session session = model.session().open()) {
            for (int i = 0; i < 200; i++) {
                session.step(new float[Session.FRAME_SAMPLES]);
            }
        }
        return null;
    }

    @Test
    @Timeout(120)
    void allComesBack() throws Exception {
        assertThat(callers.run(0, 5)).isEmpty();
        assertAllIsBack();
    }

    @Test
    @Tag("stress")
    void soakWithFaults() throws Exception {
        talkTogether();
        Duration time = Duration.ofMinutes(MINUTES);
        Resources resources = new Resources();
        long end = System.nanoTime() + time.toNanos();
        long seed = 0;
        for (long next = System.nanoTime(); System.nanoTime() < end; seed++) {
            assertThat(callers.run(seed, 20)).as("seed " + seed).isEmpty();
            assertAllIsBack();
            if (System.nanoTime() >= next) {
                resources.look(callers.done());
                resources.write(Path.of("target", "soak"), "server");
                next += time.toNanos() / 200;
            }
        }
        resources.assertFlat(RATING_KEYS, POOLS);
    }
}
