package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One conversation of twelve hours, and ten thousand through four slots, leave nothing behind: every step is answered, slots come
 * back, native objects are equal at the same points, and memory does not grow.
 */
class SoakTest {
    /** That is 5 MB in twelve hours. */
    private static final double BYTES_A_FRAME = 10;

    private static final double BYTES_A_CONVERSATION = 1024;

    /** Of 80 ms each. */
    private static final int FRAMES_OF_TWELVE_HOURS = 540_000;

    @Test
    void aShortWhile() throws Exception {
        leavesNothing(soak(600, 80));
    }

    @Test
    @Tag("stress")
    void twelveHoursAndTenThousandConversations() throws Exception {
        Map<String, String[]> lines = soak(FRAMES_OF_TWELVE_HOURS, 10_000);
        leavesNothing(lines);
        assertThat(Double.parseDouble(lines.get("frames")[1]))
                .as("bytes a frame")
                .isLessThan(BYTES_A_FRAME);
        assertThat(Double.parseDouble(lines.get("conversations")[1]))
                .as("bytes a conversation")
                .isLessThan(BYTES_A_CONVERSATION);
    }

    private static void leavesNothing(Map<String, String[]> lines) {
        assertThat(lines.get("frames")[2]).as("native objects equal").isEqualTo("true");
        String[] conversations = lines.get("conversations");
        assertThat(conversations[2]).as("native objects equal").isEqualTo("true");
        assertThat(conversations[4]).as("steps answered").isEqualTo(conversations[3]);
        assertThat(lines.get("left")[1]).as("all freed with the model").isEqualTo("true");
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
        System.getLogger(SoakTest.class.getName()).log(Level.INFO, output);
        output.lines().map(line -> line.split(" ")).forEach(words -> lines.put(words[0], words));
        assertThat(lines).as(output).containsKeys("frames", "conversations", "left");
        return lines;
    }
}
