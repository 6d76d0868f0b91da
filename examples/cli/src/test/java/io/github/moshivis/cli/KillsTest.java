package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes that are killed without warning while they convert, quantize or record, {@code kills} times each: what they leave is whole or
 * clearly partial, and the next run finishes as if nothing had been. Downloads: {@code SeveralProcessesTest}.
 */
@Tag("stress")
class KillsTest {
    private static final int KILLS = Integer.getInteger("kills", 100);

    /** Frames that a recording may lack: one second. */
    private static final int SECOND = 13;

    @TempDir
    Path directory;

    private final Random random = new Random(14);

    /** Starts a program, kills it some time after it has done its work so often, and returns how often it had done it. */
    private int kill(String what, Path target, int least) throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        Process child =
                ChildJvm.start(Map.of(), log, KilledPrograms.class, what, Cli.MODEL.toString(), target.toString());
        while (ChildJvm.read(log).lines().count() < least) {
            assertThat(child.isAlive()).as(() -> ChildJvm.read(log)).isTrue();
            Thread.sleep(5);
        }
        Thread.sleep(random.nextInt(200));
        child.destroyForcibly().waitFor();
        List<String> lines = ChildJvm.read(log).lines().toList();
        assertThat(lines).allMatch(line -> line.matches("\\d+"));
        return Integer.parseInt(lines.get(lines.size() - 1));
    }

    private static Map<String, byte[]> files(Path model) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(model)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static void assertSame(Path found, Map<String, byte[]> expected) throws IOException {
        Map<String, byte[]> files = files(found);
        assertThat(files.keySet()).isEqualTo(expected.keySet());
        files.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(expected.get(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"convert", "quantize"})
    void aKilledConversionLeavesAWholeModel(String what) throws Exception {
        Path undisturbed = directory.resolve("undisturbed");
        KilledPrograms.make(what, Cli.MODEL, undisturbed);
        Map<String, byte[]> expected = files(undisturbed);
        Path place = Files.createDirectory(directory.resolve("place"));
        Path target = place.resolve("model");
        for (int i = 0; i < KILLS; i++) {
            kill(what, target, 1);
            assertSame(target, expected); // the first run's, or a later one's
            Checkpoint.open(target).verify();
            KilledPrograms.make(what, Cli.MODEL, target);
            assertSame(target, expected);
            try (Stream<Path> left = Files.list(place)) {
                assertThat(left).as("what the killed one left is gone").containsExactly(target);
            }
        }
    }

    @Test
    void aKilledRecordingIsReadableUpToTheLastSecond() throws Exception {
        Path target = directory.resolve("talk.wav");
        for (int i = 0; i < KILLS; i++) {
            Files.deleteIfExists(target);
            int frames = kill("record", target, 2 * SECOND);
            try (AudioSource source = SoundFile.source(target)) {
                source.open();
                float[] block = new float[AudioSource.FRAME_SAMPLES];
                int samples = 0;
                for (int read = source.read(block, 0, block.length);
                        read >= 0;
                        read = source.read(block, 0, block.length)) {
                    samples += read;
                }
                assertThat(samples / AudioSource.FRAME_SAMPLES)
                        .as("frames of %d", frames)
                        .isBetween(frames - SECOND, frames + 1);
            }
        }
    }
}
