package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WavSinkTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("out.wav");
    }

    private static float[] ramp(int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = (i % 2000 - 1000) / 1024f;
        }
        return samples;
    }

    private void write(PcmEncoding encoding, float... samples) throws IOException {
        try (AudioSink sink = WavFile.sink(file, encoding)) {
            sink.open();
            sink.write(samples, 0, samples.length);
        }
    }

    @Test
    void theDefaultIsFloatsThatLoseNothing() throws Exception {
        float[] samples = ramp(60_001);
        samples[0] = 1.75f;
        samples[1] = Float.MIN_VALUE;
        try (AudioSink sink = WavFile.sink(file)) {
            sink.open();
            sink.write(samples, 0, 1);
            sink.write(samples, 1, 0);
            sink.write(samples, 1, 50_000);
            sink.write(samples, 50_001, 10_000);
        }
        assertThat(Chunks.readAll(WavFile.source(file))).isEqualTo(samples);
        try (AudioInputStream reader = AudioSystem.getAudioInputStream(file.toFile())) {
            AudioFormat format = reader.getFormat();
            assertThat(format.getEncoding()).isEqualTo(AudioFormat.Encoding.PCM_FLOAT);
            assertThat(format.getSampleRate()).isEqualTo(24_000);
            assertThat(format.getChannels()).isEqualTo(1);
            assertThat(format.getSampleSizeInBits()).isEqualTo(32);
            assertThat(reader.getFrameLength()).isEqualTo(60_001);
        }
    }

    @Test
    void thePlainestFileIsTheOneThatEverythingReads() throws IOException {
        write(PcmEncoding.SIGNED_16, -1, 0.5f, 2);
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
                .isEqualTo("52494646" + "2a000000" + "57415645" // RIFF, size, WAVE
                        + "666d7420" + "10000000" + "0100" + "0100" + "c05d0000" + "80bb0000" + "0200" + "1000"
                        + "64617461" + "06000000" + "0080" + "0040" + "ff7f");
    }

    @ParameterizedTest
    @CsvSource({"MU_LAW, ULAW", "A_LAW, ALAW"})
    void telephonysFormatsAreWhatTheJdkReads(PcmEncoding encoding, String name)
            throws IOException, UnsupportedAudioFileException {
        write(encoding, 0.5f, -0.25f, 0);
        try (AudioInputStream reader = AudioSystem.getAudioInputStream(file.toFile())) {
            AudioFormat format = reader.getFormat();
            assertThat(format.getEncoding()).hasToString(name);
            assertThat(format.getSampleRate()).isEqualTo(24_000);
            assertThat(reader.getFrameLength()).isEqualTo(3);
            float[] samples = new float[3];
            encoding.decode(ByteBuffer.wrap(reader.readAllBytes()), samples, 0, 3);
            assertThat(Chunks.readAll(WavFile.source(file))).isEqualTo(samples);
            assertThat(samples[0]).isCloseTo(0.5f, within(0.02f));
            assertThat(samples[1]).isCloseTo(-0.25f, within(0.01f));
        }
    }

    @Test
    void anOddNumberOfBytesIsPaddedAndNotCounted() throws IOException {
        write(PcmEncoding.UNSIGNED_8, 0, 0, 0);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(48);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4))
                .isEqualTo(40);
        assertThat(Chunks.readAll(WavFile.source(file))).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void ifTheProgramDiesTheFileIsValidAndLacksASecondAtMost(PcmEncoding encoding) throws IOException {
        AudioSink sink = WavFile.sink(file, encoding);
        sink.open();
        sink.write(ramp(100_000), 0, 100_000);
        byte[] asItIs = Files.readAllBytes(file);
        Path survivor = Files.write(directory.resolve("survivor.wav"), asItIs);

        float[] samples = Chunks.readAll(WavFile.source(survivor));
        assertThat(samples).hasSize(96_000);
        sink.close();
        float[] complete = Chunks.readAll(WavFile.source(file));
        assertThat(complete).hasSize(100_000);
        assertThat(samples).isEqualTo(Arrays.copyOf(complete, 96_000));
    }

    @Test
    void aFileThatExistsIsReplacedWhenTheSinkIsOpened() throws IOException {
        Files.write(file, new byte[10_000]);
        AudioSink sink = WavFile.sink(file);
        assertThat(file).hasSize(10_000);
        sink.open();
        sink.write(new float[] {0.5f}, 0, 1);
        sink.close();
        assertThat(file).hasSize(58 + 4);
    }

    @Test
    void aSinkThatWasNeverOpenedLeavesNoFile() throws IOException {
        WavFile.sink(file).close();
        assertThat(file).doesNotExist();
    }

    @Test
    void closingTwiceIsHarmlessAndCompletesEvenOnAnInterruptedThread() throws IOException {
        AudioSink sink = WavFile.sink(file);
        sink.open();
        sink.write(ramp(100), 0, 100);
        Thread.currentThread().interrupt();
        sink.close();
        sink.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Chunks.readAll(WavFile.source(file))).isEqualTo(ramp(100));
    }

    @Test
    void misuseIsRefused() throws IOException {
        AudioSink sink = WavFile.sink(file);
        assertThatIllegalStateException()
                .isThrownBy(() -> sink.write(new float[1], 0, 1))
                .withMessageContainingAll("out.wav", "not open", "between open() and close()");
        sink.open();
        assertThatIllegalStateException().isThrownBy(sink::open).withMessageContaining("new sink");
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> sink.write(new float[1], 0, 2));
        sink.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> sink.write(new float[1], 0, 1))
                .withMessageContainingAll("out.wav", "is closed");
        assertThatIllegalStateException().isThrownBy(sink::open).withMessageContaining("opened before");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        for (Path impossible : new Path[] {directory, directory.resolve("no/such/directory/out.wav")}) {
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(() -> WavFile.sink(impossible).open())
                    .withMessageContainingAll("Cannot write the WAV file", impossible.toString(), "directory", "check");
        }
    }

    @Test
    void sizesBeyondFourGigabytesAreLeftOpen() throws IOException {
        long large = 5L << 30;
        byte[] header = new WavHeader(PcmEncoding.FLOAT_32, 1, 24_000, large).toBytes();
        assertThat(HexFormat.of().formatHex(header, 4, 8)).isEqualTo("ffffffff");
        WavHeader read = new WavHeaderReader("large", new ByteArrayInputStream(header), header.length + large).read();
        assertThat(read.dataBytes()).isEqualTo(large);
    }
}
