package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM without LibTorch's natives says so once; no thread of its own ends with a trace beside it. */
class MissingNativesTest {
    @TempDir
    Path directory;

    @Test
    void oneErrorIsPrinted() throws Exception {
        Path log = directory.resolve("log");
        Process child = ChildJvm.start(
                Map.of(),
                log,
                ChildJvm.classPathWithoutNatives(),
                Main.class,
                "run",
                "--toy",
                "--threads=2",
                "--out",
                directory.resolve("answer.wav").toString());

        assertThat(child.waitFor()).isNotZero();
        assertThat(ChildJvm.read(log).lines().filter(line -> !line.startsWith("Loading")))
                .singleElement()
                .asString()
                .startsWith("moshivis: LibTorch could not be loaded")
                .contains("moshivis-natives-");
    }
}
