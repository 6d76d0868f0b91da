package io.github.moshivis.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Long and many conversations leave nothing behind: native objects are equal at the same points, and memory does not grow. */
class SoakTest {
    private static final double BYTES_A_FRAME = 1024;
    private static final double BYTES_A_CONVERSATION = 10 * 1024;

    @Test
    void aShortWhile() throws Exception {
        Map<String, String[]> lines = soak(300, 40);
        assertThat(lines.get("frames")[2]).as("native objects equal").isEqualTo("true");
        assertThat(lines.get("conversations")[2]).as("native objects equal").isEqualTo("true");
        assertThat(lines.get("left")[1]).as("all freed with the model").isEqualTo("true");
    }

    @Test
    @Tag("stress")
    void aLongWhile() throws Exception {
        Map<String, String[]> lines = soak(10_000, 600);
        assertThat(lines.get("frames")[2]).as("native objects equal").isEqualTo("true");
        assertThat(lines.get("conversations")[2]).as("native objects equal").isEqualTo("true");
        assertThat(lines.get("left")[1]).as("all freed with the model").isEqualTo("true");
        assertThat(Double.parseDouble(lines.get("frames")[1]))
                .as("bytes a frame")
                .isLessThan(BYTES_A_FRAME);
        assertThat(Double.parseDouble(lines.get("conversations")[1]))
                .as("bytes a conversation")
                .isLessThan(BYTES_A_CONVERSATION);
    }

    /** Runs {@link Soak} in a small heap that is touched beforehand; returns its lines by their first word. */
    private static Map<String, String[]> soak(int frames, int conversations) throws IOException, InterruptedException {
        Path golden = Path.of(System.getProperty("golden.dir"), "e2e");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms96m",
                        "-Xmx96m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Soak.class.getName(),
                        golden.resolve("model").toString(),
                        golden.resolve("input.png").toString(),
                        String.valueOf(frames),
                        String.valueOf(conversations))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        Map<String, String[]> lines = new HashMap<>();
        output.lines().map(line -> line.split(" ")).forEach(words -> lines.put(words[0], words));
        assertThat(lines).as(output).containsKeys("frames", "conversations", "left");
        return lines;
    }
}
