package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each bad file is refused when it is opened, with what was found, what was expected, and what to do. */
class BadWavTest {
    @TempDir
    Path directory;

    private void assertRefused(byte[] bytes, String... words) throws IOException {
        Path file = Files.write(directory.resolve("bad.wav"), bytes);
        try (AudioSource source = WavFile.source(file)) {
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(source::open)
                    .withMessageContainingAll("Cannot read the WAV file " + file.toAbsolutePath(), "found", "expected")
                    .withMessageContainingAll(words);
        }
    }

    @Test
    void filesThatAreNotThereOrNoFiles() {
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(
                        () -> WavFile.source(directory.resolve("absent.wav")).open())
                .withMessageContainingAll("Cannot open the WAV file", "absent.wav", "NoSuchFile", "check the path")
                .withCauseInstanceOf(NoSuchFileException.class);
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> WavFile.source(directory).open())
                .withMessageContainingAll(directory.toString(), "it is a directory", "expected a readable file");
    }

    @Test
    void emptyFilesAndBeginningsOfFiles() throws IOException {
        assertRefused(new byte[0], "a file of 0 bytes", "header of 12");
        assertRefused("RIFF".getBytes(), "a file of 4 bytes");
        assertRefused("Not found".getBytes(), "text, perhaps a server's error message", "download the sound again");
        assertRefused(
                "version https://git-lfs.github.com/spec/v1\noid sha256:0".getBytes(),
                "a Git LFS pointer",
                "a WAV file",
                "git lfs pull");
        assertRefused("caff\0\1\0\0desc\0\0".getBytes(), "a CAF file", "convert it");
    }

    @Test
    void filesOfOtherKinds() throws IOException {
        assertRefused("ID3\u0003 this is some MP3".getBytes(), "an MP3 file", "expected a WAV file", "ffmpeg");
        assertRefused("IDX\u0003 this is not known".getBytes(), "\"IDX?\"", "\"RIFF\"", "\"WAVE\"", "ffmpeg");
        assertRefused(new Chunks().riff("RIFX", 4), "\"RIFX\"", "ffmpeg");
        assertRefused("RIFF\0\0\0\0AVI LIST".getBytes(), "an AVI video", "ffmpeg");
    }

    /** One frame of a byte for each channel; a block of frames took gigabytes. */
    @Test
    void manyChannelsTakeAFewTimesTheFile() throws IOException {
        int channels = 65_535;
        Path file = Files.write(
                directory.resolve("many.wav"),
                new Chunks()
                        .format(1, channels, 24_000, 8)
                        .chunk("data", new byte[channels])
                        .riff());

        assertThat(WavFile.channels(file, 0, 1)).hasNumberOfRows(channels);
    }

    @Test
    void noData() throws IOException {
        assertRefused(new Chunks().riff(), "no data chunk", "one with the sound");
        assertRefused(new Chunks().format(1, 1, 24_000, 16).riff(), "no data chunk", "record or convert it again");
        assertRefused(new Chunks().chunk("LIST", 0xffff_ffffL, new byte[10]).riff(), "no data chunk");
    }

    @Test
    void chunksBeforeTheSoundAreLimited() throws IOException {
        Chunks many = new Chunks().format(1, 1, 24_000, 16);
        for (int i = 0; i < 10_000; i++) {
            many.chunk("junk", new byte[0]);
        }
        assertRefused(many.chunk("data", new byte[4]).riff(), "no data chunk among the first 10000");
    }

    @Test
    void aSizeFarBeyondTheFileMeansToItsEnd() throws IOException {
        for (long size : new long[] {100_000_000, 0x3fff_ffff, 1_000_000_000}) {
            Path file = Files.write(
                    directory.resolve("far.wav"),
                    new Chunks()
                            .format(1, 1, 24_000, 16)
                            .chunk("data", size, new byte[200])
                            .riff());
            assertThat(Chunks.readAll(WavFile.source(file))).hasSize(100);
        }
    }

    @Test
    void noFormat() throws IOException {
        assertRefused(new Chunks().chunk("data", new byte[4]).riff(), "no complete format chunk", "\"fmt \"");
        assertRefused(
                new Chunks()
                        .chunk("fmt ", new byte[14])
                        .chunk("data", new byte[4])
                        .riff(),
                "no complete format chunk");
    }

    @Test
    void noSamples() throws IOException {
        assertRefused(Chunks.pcm16(1, 24_000), "empty WAV", "without a single sample", "check the recording");
        assertRefused(Chunks.wav(1, 2, 24_000, 16, new byte[3]), "empty WAV");
        byte[] tagged = new Chunks()
                .format(1, 1, 24_000, 16)
                .chunk("data", new byte[0])
                .chunk("LIST", new byte[100])
                .riff();
        assertRefused(tagged, "empty WAV");
        byte[] streamed = new Chunks()
                .format(1, 1, 24_000, 16)
                .chunk("data", 0xffff_ffffL, new byte[0])
                .riff("RIFF", 0);
        assertRefused(streamed, "empty WAV");
    }

    @Test
    void sizesBeyondTheFile() throws IOException {
        byte[] file = Chunks.pcm16(1, 24_000, 1, 2, 3, 4);
        assertRefused(
                Arrays.copyOf(file, file.length - 3), "5 bytes of sound where the header says 8", "cut short", "copy");
        assertRefused(
                new Chunks()
                        .format(1, 1, 24_000, 16)
                        .chunk("data", 90_000_000, new byte[8])
                        .riff(),
                "8 bytes of sound where the header says 90000000");
        byte[] sizes = Chunks.little(28).putLong(92).putLong(Long.MIN_VALUE).array();
        assertRefused(
                new Chunks()
                        .chunk("ds64", sizes)
                        .format(1, 1, 24_000, 16)
                        .chunk("data", 0xffff_ffffL, new byte[8])
                        .riff("RF64", 0xffff_ffffL),
                "where the header says 9223372036854775808");
    }

    @ParameterizedTest
    @CsvSource({
        "2, 4, Microsoft ADPCM",
        "17, 4, IMA ADPCM",
        "6, 16, A-law",
        "7, 4, mu-law",
        "85, 0, MP3",
        "1234, 16, format 1234",
        "1, 12, integers of 12 bits",
        "1, 64, integers of 64 bits",
        "3, 16, floats of 16 bits",
    })
    void encodingsThatAreNotRead(int tag, int bits, String name) throws IOException {
        assertRefused(Chunks.wav(tag, 1, 24_000, bits, new byte[8]), name, "PCM", "ffmpeg");
    }

    @Test
    void extensibleFormatsOfOtherKinds() throws IOException {
        assertRefused(
                new Chunks()
                        .extensible(2, 1, 24_000, 16)
                        .chunk("data", new byte[8])
                        .riff(),
                "Microsoft ADPCM");
        assertRefused(
                new Chunks()
                        .format(0xfffe, 1, 24_000, 16)
                        .chunk("data", new byte[8])
                        .riff(),
                "sub-format \"\"");
        byte[] other = new Chunks()
                .extensible(1, 1, 24_000, 16)
                .chunk("data", new byte[8])
                .riff();
        other[50] ^= 1;
        assertRefused(other, "sub-format", "ffmpeg");
    }

    @Test
    void headersThatContradictThemselves() throws IOException {
        assertRefused(Chunks.wav(1, 0, 24_000, 16, new byte[8]), "0 channels", "contradicts itself");
        byte[] frame = Chunks.pcm16(1, 24_000, 1, 2);
        frame[32] = 4;
        assertRefused(frame, "1 channels of 16 bits in 4 bytes", "contradicts itself");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 768_001, -1})
    void ratesOutsideTheLimits(int rate) throws IOException {
        assertRefused(
                Chunks.pcm16(1, rate, 1, 2), "rate of " + Integer.toUnsignedString(rate) + " Hz", "1000 to 768000");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void floatsThatAreNoNumbersAreRefusedWhereTheyStand(float bad) throws IOException {
        byte[] sound = Chunks.little(12).putFloat(0).putFloat(1).putFloat(bad).array();
        Path file = Files.write(directory.resolve("bad.wav"), Chunks.wav(3, 1, 24_000, 32, sound));
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> Chunks.readAll(WavFile.source(file)))
                .withMessageContainingAll(bad + " as sample 2", "finite", "check the program");
    }

    @Test
    void aFileThatIsCutShortWhileItIsRead() throws IOException {
        Path file = Files.write(directory.resolve("bad.wav"), Chunks.pcm16(1, 24_000, new int[24_000]));
        try (AudioSource source = WavFile.source(file)) {
            source.open();
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 44 + 200));
            assertThatThrownBy(() -> {
                        float[] buffer = new float[1000];
                        while (source.read(buffer, 0, 1000) >= 0) {}
                    })
                    .isInstanceOf(MediaException.class)
                    .hasMessageContainingAll("its end after 100 samples", "23900 more", "cut short while it was read");
        }
    }

    /** A pipe has no size to compare with; its end tells. */
    @Test
    void pipesAreJudgedByTheirEnd() throws IOException {
        assertThat(samplesOfPipe(0xffff_ffffL, 4)).isEqualTo(2);
        assertThat(samplesOfPipe(0x7fff_f000L, 4)).isEqualTo(2);
        assertThat(samplesOfPipe(0, 4)).isEqualTo(2);
        assertThat(samplesOfPipe(4, 6)).isEqualTo(2);
        assertThatThrownBy(() -> samplesOfPipe(0, 1)).hasMessageContaining("empty WAV");
        assertThatThrownBy(() -> samplesOfPipe(6, 4)).hasMessageContaining("its end after 2 samples");
    }

    private static int samplesOfPipe(long declared, int actual) throws IOException {
        byte[] bytes = new Chunks()
                .format(1, 1, 24_000, 16)
                .chunk("data", declared, new byte[actual])
                .riff("RIFF", declared);
        var input = new ByteArrayInputStream(bytes);
        WavHeader header = new WavHeaderReader("pipe", input, Long.MAX_VALUE).read();
        return Chunks.readAll(new WavSamples("pipe", input, header)).length;
    }

    @Test
    void everyDamagedHeaderIsReadOrRefused() throws IOException {
        byte[] whole = new Chunks()
                .chunk("JUNK", new byte[5])
                .extensible(3, 2, 48_000, 32)
                .chunk("fact", new byte[4])
                .chunk("data", new byte[400])
                .riff();
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 2_000; round++) {
            byte[] damaged = Arrays.copyOf(whole, round % 2 == 0 ? random.nextInt(whole.length) : whole.length);
            if (damaged.length > 0) {
                damaged[random.nextInt(Math.min(100, damaged.length))] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                var input = new ByteArrayInputStream(damaged);
                WavHeader header = new WavHeaderReader("damaged", input, damaged.length).read();
                assertThat(header.dataBytes()).isBetween(1L, (long) damaged.length);
            } catch (MediaException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 1_999);
    }
}
