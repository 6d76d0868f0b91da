package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WavSourceTest {
    private static final int PCM = 1;
    private static final int FLOAT = 3;

    @TempDir
    Path directory;

    private AudioSource source(byte[] bytes) throws IOException {
        return WavFile.source(Files.write(directory.resolve("in.wav"), bytes));
    }

    private float[] read(byte[] bytes) throws IOException {
        return Chunks.readAll(source(bytes));
    }

    @Test
    void theGoldenInputIsItsSamplesDividedBy32768() throws IOException {
        Path e2e = Path.of(System.getProperty("golden.dir"), "e2e");
        float[] samples = Chunks.readAll(WavFile.source(e2e.resolve("input.wav")));

        int expected = new ObjectMapper()
                .readTree(e2e.resolve("run.json").toFile())
                .get("input_samples")
                .intValue();
        assertThat(samples).hasSize(expected);
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(e2e.resolve("input.wav"))).order(ByteOrder.LITTLE_ENDIAN);
        int start = file.capacity() - 2 * expected;
        for (int i = 0; i < expected; i++) {
            assertThat(samples[i]).isEqualTo(file.getShort(start + 2 * i) / 32768f);
        }
    }

    @Test
    void integersAndFloatsOfEverySizeAreRead() throws IOException {
        assertThat(read(Chunks.wav(PCM, 1, 24_000, 8, new byte[] {0, (byte) 0x80, (byte) 0xc0, (byte) 0xff})))
                .containsExactly(-1, 0, 0.5f, 127 / 128f);
        assertThat(read(Chunks.pcm16(1, 24_000, -32768, 0, 16384, 32767))).containsExactly(-1, 0, 0.5f, 32767 / 32768f);
        assertThat(read(Chunks.wav(PCM, 1, 24_000, 24, new byte[] {0, 0, (byte) 0x80, 0, 0, 0x40})))
                .containsExactly(-1, 0.5f);
        assertThat(read(Chunks.wav(PCM, 1, 24_000, 32, new byte[] {0, 0, 0, (byte) 0x80, 0, 0, 0, 0x40})))
                .containsExactly(-1, 0.5f);
        assertThat(read(Chunks.wav(
                        FLOAT,
                        1,
                        24_000,
                        32,
                        Chunks.little(8).putFloat(-1.25f).putFloat(0.1f).array())))
                .containsExactly(-1.25f, 0.1f);
        assertThat(read(Chunks.wav(
                        FLOAT,
                        1,
                        24_000,
                        64,
                        Chunks.little(16).putDouble(-1).putDouble(0.1).array())))
                .containsExactly(-1, 0.1f);
    }

    @Test
    void channelsBecomeOneByTheirMean() throws IOException {
        assertThat(read(Chunks.pcm16(2, 24_000, 32767, -32767, 16384, 0))).containsExactly(0, 0.25f);
        assertThat(read(Chunks.pcm16(3, 24_000, 3, 6, 9, -3, 0, 0))).containsExactly(6 / 32768f, -1 / 32768f);
    }

    @Test
    void asManyChannelsAsAHeaderCanSayAreRead() throws IOException {
        int[] samples = new int[2 * 8191];
        Arrays.fill(samples, 0, 8191, 8192);
        assertThat(read(Chunks.pcm16(8191, 24_000, samples))).containsExactly(0.25f, 0);
    }

    @Test
    void extensibleFormatsAreRead() throws IOException {
        byte[] sound = Chunks.little(4).putFloat(0.5f).array();
        assertThat(read(new Chunks()
                        .extensible(FLOAT, 1, 24_000, 32)
                        .chunk("data", sound)
                        .riff()))
                .containsExactly(0.5f);
        byte[] integers = {0, 0x40, 0, (byte) 0xc0};
        assertThat(read(new Chunks()
                        .extensible(PCM, 1, 24_000, 16)
                        .chunk("data", integers)
                        .riff()))
                .containsExactly(0.5f, -0.5f);
    }

    @Test
    void otherChunksBeforeAndAfterTheSoundAreSkippedWithTheirPadding() throws IOException {
        byte[] file = new Chunks()
                .chunk("JUNK", new byte[3])
                .chunk("LIST", "data".getBytes())
                .format(PCM, 1, 24_000, 16)
                .chunk("odd ", new byte[40_001])
                .chunk("data", new byte[] {0, 0x40})
                .chunk("LIST", new byte[8])
                .riff();
        assertThat(read(file)).containsExactly(0.5f);
    }

    @Test
    void anOddNumberOfBytesOfSoundIsRead() throws IOException {
        byte[] file = new Chunks()
                .format(PCM, 1, 24_000, 8)
                .chunk("data", new byte[] {0, 0, 0})
                .chunk("LIST", new byte[2])
                .riff();
        assertThat(read(file)).containsExactly(-1, -1, -1);
    }

    @Test
    void anIncompleteLastSampleIsLeftOut() throws IOException {
        assertThat(read(Chunks.wav(PCM, 2, 24_000, 16, new byte[] {0, 0x40, 0, 0x40, 0, 0x40, 0})))
                .containsExactly(0.5f);
    }

    @Test
    void rf64TakesItsSizesFromTheDs64Chunk() throws IOException {
        byte[] sizes = Chunks.little(28).putLong(92).putLong(4).putLong(2).array();
        for (String magic : new String[] {"RF64", "BW64"}) {
            byte[] file = new Chunks()
                    .chunk("ds64", sizes)
                    .format(PCM, 1, 24_000, 16)
                    .chunk("data", 0xffff_ffffL, new byte[] {0, 0x40, 0, (byte) 0xc0})
                    .chunk("LIST", new byte[20])
                    .riff(magic, 0xffff_ffffL);
            assertThat(read(file)).containsExactly(0.5f, -0.5f);
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                0xffff_ffffL,
                0x7fff_f000L,
                0x7fff_ff00L,
                0x7fff_ffffL,
                0xffff_ff9bL,
                2_000_000_000L,
                1_500_000_001L
            })
    void sizesThatAStreamingProgramLeftOpenReadToTheEndOfTheFile(long size) throws IOException {
        byte[] file = new Chunks()
                .format(PCM, 1, 24_000, 16)
                .chunk("data", size, new byte[] {0, 0x40, 0, (byte) 0xc0, 1})
                .riff("RIFF", size == 0 ? 0 : size + 36 & 0xffff_ffffL);
        assertThat(read(file)).containsExactly(0.5f, -0.5f);
    }

    @Test
    void openSizesOfRf64ReadToTheEndOfTheFile() throws IOException {
        for (long size : new long[] {0, -1, 0xffff_ffffL}) {
            byte[] file = new Chunks()
                    .chunk("ds64", Chunks.little(28).putLong(size).putLong(size).array())
                    .format(PCM, 1, 24_000, 16)
                    .chunk("data", 0xffff_ffffL, new byte[] {0, 0x40})
                    .riff("RF64", 0xffff_ffffL);
            assertThat(read(file)).containsExactly(0.5f);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEncodingOfASinkIsReadBack(PcmEncoding encoding) throws IOException {
        Path file = directory.resolve("out.wav");
        float[] samples = {0, 0.5f, -0.5f, -1, 0.25f};
        try (var sink = WavFile.sink(file, encoding)) {
            sink.open();
            sink.write(samples, 0, samples.length);
        }
        assertThat(Chunks.readAll(WavFile.source(file))).isEqualTo(Chunks.kept(encoding, samples));
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 11_025, 44_100, 48_000, 96_000})
    void otherRatesAreResampled(int rate) throws IOException {
        int[] samples = new int[rate];
        for (int i = 0; i < rate; i++) {
            samples[i] = (int) Math.round(16_384 * Math.sin(2 * Math.PI * 440 * i / rate));
        }
        float[] sound = read(Chunks.pcm16(1, rate, samples));
        assertThat(sound).hasSize(24_000);
        for (int i = 1_000; i < 23_000; i++) {
            assertThat(sound[i]).isCloseTo((float) (0.5 * Math.sin(2 * Math.PI * 440 * i / 24_000)), within(1e-4f));
        }
    }

    @Test
    void aReadAfterClosingIsTheEnd() throws IOException {
        AudioSource source = source(Chunks.pcm16(1, 24_000, 1, 2, 3));
        source.open();
        assertThat(source.read(new float[1], 0, 1)).isEqualTo(1);
        source.close();
        source.close();
        assertThat(source.read(new float[1], 0, 1)).isEqualTo(-1);
    }

    @Test
    void aSourceIsNotLiveAndInertUntilItIsOpened() throws IOException {
        AudioSource source = WavFile.source(directory.resolve("not there yet.wav"));
        assertThat(source.isLive()).isFalse();
        assertThat(source).hasToString("WavFile.source[" + directory.resolve("not there yet.wav") + "]");
        assertThatIllegalStateException()
                .isThrownBy(() -> source.read(new float[1], 0, 1))
                .withMessageContainingAll("not there yet.wav", "not open", "open() before read()");
        source.close();
    }

    @Test
    void aSourceIsOpenedOnce() throws IOException {
        AudioSource source = source(Chunks.pcm16(1, 24_000, 1));
        source.open();
        assertThatIllegalStateException().isThrownBy(source::open).withMessageContainingAll("in.wav", "new source");
        source.close();
        assertThatIllegalStateException().isThrownBy(source::open).withMessageContaining("opened before");
    }
}
