package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host cannot crash the VM by the API: see {@link NativeAbuse}, which runs in a JVM of its own. */
class NativeAbuseTest {
    @TempDir
    Path directory;

    private void abuse(String how, int rounds) throws Exception {
        Path log = directory.resolve("log");
        Process child = ChildJvm.start(
                Map.of("JAVA_TOOL_OPTIONS", "-XX:ErrorFile=" + directory.resolve("hs_err.log")),
                log,
                NativeAbuse.class,
                how,
                Cli.MODEL.toString(),
                Cli.PICTURE.toString(),
                Integer.toString(rounds));
        assertThat(child.waitFor(10, TimeUnit.MINUTES)).as("ends").isTrue();
        assertThat(child.exitValue()).as(() -> ChildJvm.read(log)).isZero();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(log);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory"})
    void aHostThatDoesWhatItMustNot(String how) throws Exception {
        abuse(how, 1);
    }

    @ParameterizedTest
    @Tag("stress")
    @ValueSource(strings = {"closing", "afterwards", "interrupts", "stacks", "memory"})
    void aHostThatDoesItAgainAndAgain(String how) throws Exception {
        abuse(how, Integer.getInteger("abuses", 50));
    }
}
