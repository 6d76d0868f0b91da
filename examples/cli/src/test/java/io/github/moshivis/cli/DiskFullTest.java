package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.hub.TestHub;
import io.github.moshivis.hub.TestRepo;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that is full, on a small one that is mounted for the test, where that is allowed: what was there stays, and the message names
 * place and remedy.
 */
@Timeout(120)
class DiskFullTest {
    @TempDir
    Path directory;

    private Path small;

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(directory.resolve("small"));
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=3000k", "none", small.toString()),
                "a file system can be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        command("umount", "-l", small.toString());
    }

    private static boolean command(String... words) throws InterruptedException {
        try {
            return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    private static List<Path> files(Path place) throws IOException {
        try (Stream<Path> all = Files.list(place)) {
            return all.sorted().toList();
        }
    }

    @Test
    void aConversionLeavesTheEarlierModelAndNothingElse() throws Exception {
        Path target = small.resolve("model");
        ConvertOptions options = ConvertOptions.defaults().overwrite(true);
        Checkpoint.open(Cli.MODEL).convert(Checkpoint.Form.PYTORCH, target, options);
        List<Path> before = files(target);
        assertThatThrownBy(() -> Checkpoint.open(Cli.MODEL).convert(Checkpoint.Form.PYTORCH, target, options))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(small.toString())
                .hasMessageContaining("ree space");
        assertThat(files(small)).containsExactly(target);
        assertThat(files(target)).isEqualTo(before);
        Checkpoint.open(target).verify();
    }

    @Test
    @Tag("stress")
    void aRecordingIsReadableUpToTheLastSecond() throws Exception {
        Files.write(small.resolve("other"), new byte[2_300_000]);
        Path target = small.resolve("talk.wav");
        int frames = 0;
        try (MoshiVis model = MoshiVis.load(Cli.MODEL)) {
            Session session = model.session().record(target).open();
            Throwable thrown = null;
            float[] frame = new float[Session.FRAME_SAMPLES];
            for (; thrown == null && frames < 500; frames++) {
                thrown = catchThrowable(() -> session.step(frame));
            }
            assertThat(thrown)
                    .isInstanceOf(ConversationException.class)
                    .hasMessageContaining("talk")
                    .hasMessageContaining("free space");
            assertThat(((ConversationException) thrown).reason()).isEqualTo(EndReason.RECORDING_FAILED);
            catchThrowable(session::close);
            model.session().open().close(); // the slot is free
        }
        long samples = 0;
        try (AudioSource source = SoundFile.source(target)) {
            source.open();
            float[] block = new float[AudioSource.FRAME_SAMPLES];
            for (int read = source.read(block, 0, block.length);
                    read >= 0;
                    read = source.read(block, 0, block.length)) {
                samples += read;
            }
        }
        assertThat(samples / AudioSource.FRAME_SAMPLES).isGreaterThan(frames - 15);
    }

    @Test
    void soundThatDoesNotFitIsRefusedByName() throws Exception {
        Files.write(small.resolve("other"), new byte[3_000_000]);
        for (String name : List.of("said.wav", "said.opus")) {
            AudioSink sink = SoundFile.sink(small.resolve(name));
            sink.open();
            Random random = new Random(1);
            float[] second = new float[AudioSource.SAMPLE_RATE];
            Throwable thrown = null;
            for (int i = 0; thrown == null && i < 100; i++) {
                for (int j = 0; j < second.length; j++) {
                    second[j] = random.nextFloat() - 0.5f;
                }
                thrown = catchThrowable(() -> sink.write(second, 0, second.length));
            }
            assertThat(thrown)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("expected space");
            catchThrowable(sink::close);
        }
    }

    @Test
    @Tag("stress")
    void aDownloadGoesOnWhenThereIsRoom() throws Exception {
        Files.write(small.resolve("other"), new byte[2_000_000]);
        try (TestHub hub = new TestHub()) {
            hub.serve(new TestRepo("owner/name", TestRepo.commit(1)).withFilesOf(Cli.MODEL));
            Cli.Outcome full = Cli.run(hub.environment(small.resolve("cache")), "download", "owner/name");
            assertThat(full.exitCode()).isNotZero();
            assertThat(full.err()).contains(small.toString()).contains("make room");
            Files.delete(small.resolve("other"));
            Cli.Outcome again = Cli.run(hub.environment(small.resolve("cache")), "download", "owner/name");
            assertThat(again.err()).as(again.err()).doesNotContain("Cannot");
            assertThat(again.exitCode()).isZero();
            assertThat(Cli.run(hub.environment(small.resolve("cache")), "cache", "verify")
                            .exitCode())
                    .isZero();
        }
    }

    /** What {@code moshivis diagnose} says in another JVM that unpacks the natives to the small file system. */
    private String diagnosed() throws Exception {
        Path log = directory.resolve("diagnose.log");
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Dorg.bytedeco.javacpp.cachedir=" + small);
        assertThat(ChildJvm.start(environment, log, Main.class, "diagnose").waitFor())
                .isZero();
        return ChildJvm.read(log);
    }

    @Test
    @Tag("stress")
    void nativesAreUnpackedOnceThereIsRoom() throws Exception {
        for (String size : List.of("1m", "40m", "100m", "250m")) { // each start finds what the one before left
            resize(size);
            assertThat(diagnosed())
                    .as(size)
                    .contains("not loaded", "unpacked to " + small, "without space")
                    .contains("-Dorg.bytedeco.javacpp.cachedir=");
        }
        resize("1500m");
        assertThat(diagnosed()).contains("loaded from").doesNotContain("not loaded");
    }

    private void resize(String size) throws InterruptedException {
        assertThat(command("mount", "-o", "remount,size=" + size, small.toString()))
                .isTrue();
    }
}
