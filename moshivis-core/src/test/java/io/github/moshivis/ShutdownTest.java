package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Talking.Collector;
import io.github.moshivis.Talking.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A virtual machine that ends in the middle of a talk ends at once, and cleanly: nothing of ours keeps it alive or breaks it. */
class ShutdownTest {
    /** What the shell says of a program that was ended by SIGTERM, which is what containers and init systems send: 128 + 15. */
    private static final int TERMINATED = 143;

    @Test
    void byTheEndOfMain() throws Exception {
        assertThat(ended("end of main", false)).isZero();
    }

    @Test
    void byExit() throws Exception {
        assertThat(ended("exit", false)).isZero();
    }

    @Test
    void byASignal() throws Exception {
        assertThat(ended("wait", true)).isEqualTo(TERMINATED);
    }

    /** Runs {@link Talker} and returns its exit code. */
    private static int ended(String way, boolean signalled) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dgolden.dir=" + System.getProperty("golden.dir"),
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Talker.class.getName(),
                        way)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("talks");
            if (signalled) {
                process.toHandle().destroy(); // unlike process.destroy(), leaves its output to be read
            }
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            assertThat(ended).as("ended by itself").isTrue();
            assertThat(output.lines().collect(Collectors.joining("\n")))
                    .as("said on the way")
                    .isEmpty();
        }
        return process.exitValue();
    }

    /** A program that ends, or is ended, in the middle of a talk. */
    static final class Talker {
        private Talker() {}

        public static void main(String[] arguments) throws InterruptedException {
            MoshiVis model = new FakeModel(1).model;
            Conversation talk =
                    model.session().start(new Samples(100_000 * Session.FRAME_SAMPLES / 100), new Collector());
            while (talk.statistics().frames() < 5) {
                Thread.sleep(5);
            }
            System.out.println("talks");
            switch (arguments[0]) {
                case "exit" -> System.exit(0);
                case "wait" -> talk.join();
                default -> {}
            }
        }
    }
}
