package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.fail;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of all formats, mutated with a seed, through the API's entry points: each is read, or refused with an exception of this library. The
 * number of mutations of the long part is the system property {@code fuzz.tries}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeFuzzTest {
    private static final int FEW = 25;
    private static final int MANY = Integer.getInteger("fuzz.tries", 2000);

    /** Numbers at which sizes and counts break. */
    private static final int[] EDGES = {0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, -1};

    private Path directory;
    private MoshiVis model;

    @BeforeAll
    void load(@TempDir Path given) throws IOException {
        directory = given;
        model = MoshiVis.load(Cli.MODEL);
        Path talk = directory.resolve("talk.opus");
        try (AudioSource wav = WavFile.source(Golden.path("e2e/input.wav"));
                AudioSink opus = SoundFile.sink(talk)) {
            wav.open();
            opus.open();
            float[] frame = new float[AudioSource.FRAME_SAMPLES];
            for (int i = 0; i < 20; i++) {
                opus.write(frame, 0, Math.max(0, wav.read(frame, 0, frame.length)));
            }
        }
        BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(3, 3, 0xff8040);
        for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
            ImageIO.write(
                    picture, format, directory.resolve("picture." + format).toFile());
        }
        Files.copy(Golden.path("e2e/input.wav"), directory.resolve("talk.wav"));
    }

    @AfterAll
    void close() {
        model.close();
    }

    /** One to four changes: flipped bits, numbers at the edges of their ranges, cuts, repetitions, pieces moved. */
    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int change = 1 + random.nextInt(4); change > 0 && bytes.length > 8; change--) {
            // headers are where sizes are
            int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length - 4) : bytes.length - 4);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> {
                    int number = EDGES[random.nextInt(EDGES.length)];
                    boolean littleEndian = random.nextBoolean();
                    for (int i = 0; i < 4; i++) {
                        bytes[at + i] = (byte) (number >>> 8 * (littleEndian ? i : 3 - i));
                    }
                }
                case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 3 -> {
                    ByteArrayOutputStream twice = new ByteArrayOutputStream();
                    twice.write(bytes, 0, at);
                    twice.write(bytes, at / 2, bytes.length - at / 2);
                    bytes = twice.toByteArray();
                }
                default -> System.arraycopy(bytes, at / 2, bytes, at, Math.min(16, bytes.length - at));
            }
        }
        return bytes;
    }

    private void read(String name, byte[] bytes) throws IOException {
        if (name.startsWith("picture")) {
            model.session(Image.encoded(bytes)).open().close();
        } else if (name.startsWith("talk")) {
            Path file = Files.write(directory.resolve("mutated-" + name), bytes);
            try (AudioSource source = SoundFile.source(file)) {
                source.open();
                float[] buffer = new float[4096];
                for (int count = 0; count >= 0; ) {
                    count = source.read(buffer, 0, buffer.length);
                }
            }
        } else {
            Path part = directory.resolve("model");
            if (!Files.exists(part)) {
                Files.createDirectory(part);
                try (Stream<Path> files = Files.list(Cli.MODEL)) {
                    for (Path file : files.toList()) {
                        Files.copy(file, part.resolve(file.getFileName()));
                    }
                }
            }
            Path file = part.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, bytes);
            try {
                Checkpoint.open(part).verify();
                MoshiVis.load(part).close();
            } finally {
                Files.write(file, whole);
            }
        }
    }

    private void fuzz(String name, int tries) throws IOException {
        boolean ofModel = !name.startsWith("picture") && !name.startsWith("talk");
        byte[] original = Files.readAllBytes((ofModel ? Cli.MODEL : directory).resolve(name));
        for (int seed = 0; seed < tries; seed++) {
            byte[] bytes = mutated(original, new Random(seed));
            try {
                read(name, bytes);
            } catch (MoshiVisException e) {
                continue; // refused by name
            } catch (Throwable e) {
                fail("seed " + seed + " of " + name, e);
            }
        }
    }

    static Stream<String> files() {
        return Stream.of(
                "picture.png",
                "picture.jpg",
                "picture.gif",
                "picture.bmp",
                "talk.wav",
                "talk.opus",
                "tokenizer_spm_32k_3.model",
                "moshika-vis.yaml",
                "siglip_config.json");
    }

    static Stream<String> filesAndSlowerOnes() {
        return Stream.concat(
                files(),
                Stream.of("model.safetensors", "tokenizer-e351c8d8-checkpoint125.safetensors", "mimi_config.json"));
    }

    @ParameterizedTest
    @Timeout(120)
    @MethodSource("files")
    void aMutatedFileIsReadOrRefused(String name) throws IOException {
        fuzz(name, FEW);
    }

    @ParameterizedTest
    @Tag("stress")
    @MethodSource("filesAndSlowerOnes")
    void manyMutatedFilesAreReadOrRefused(String name) throws IOException {
        fuzz(name, MANY);
    }
}
