package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PcmEncodingTest {
    private static float decode(PcmEncoding encoding, String hex) {
        float[] sample = new float[1];
        encoding.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), sample, 0, 1);
        return sample[0];
    }

    private static String encode(PcmEncoding encoding, float sample) {
        ByteBuffer bytes = ByteBuffer.allocate(encoding.bytesPerSample());
        encoding.encode(new float[] {sample}, 0, 1, bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        return HexFormat.of().formatHex(bytes.array());
    }

    /** Lowest, just below zero, zero, just above zero, highest. */
    @ParameterizedTest
    @CsvSource({
        "UNSIGNED_8, 00, -1",
        "UNSIGNED_8, 7f, -0.0078125",
        "UNSIGNED_8, 80, 0",
        "UNSIGNED_8, 81, 0.0078125",
        "UNSIGNED_8, ff, 0.9921875",
        "SIGNED_16, 0080, -1",
        "SIGNED_16, ffff, -0.000030517578125",
        "SIGNED_16, 0000, 0",
        "SIGNED_16, 0100, 0.000030517578125",
        "SIGNED_16, ff7f, 0.999969482421875",
        "SIGNED_24, 000080, -1",
        "SIGNED_24, ffffff, -0.00000011920928955078125",
        "SIGNED_24, 000000, 0",
        "SIGNED_24, 010000, 0.00000011920928955078125",
        "SIGNED_24, ffff7f, 0.99999988079071044921875",
        "SIGNED_32, 00000080, -1",
        "SIGNED_32, 000000ff, -0.0078125",
        "SIGNED_32, 00000000, 0",
        "SIGNED_32, 00000001, 0.0078125",
        "SIGNED_32, 80ffff7f, 0.999999940395355224609375",
        "FLOAT_32, 0000803f, 1",
        "FLOAT_32, 000080bf, -1",
        "FLOAT_32, 00000040, 2",
        "FLOAT_64, 000000000000f03f, 1",
        "FLOAT_64, 000000000000f0bf, -1",
        "FLOAT_64, 0000000000000040, 2",
    })
    void bytesAndSamplesCorrespondExactly(PcmEncoding encoding, String bytes, float sample) {
        assertThat(decode(encoding, bytes)).isEqualTo(sample);
        assertThat(encode(encoding, sample)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "UNSIGNED_8, 00, ff",
        "SIGNED_16, 0080, ff7f",
        "SIGNED_24, 000080, ffff7f",
        "SIGNED_32, 00000080, ffffff7f",
    })
    void whatLiesOutsideTheRangeIsClipped(PcmEncoding encoding, String lowest, String highest) {
        for (float low : new float[] {-1.0001f, -2, -1e30f, Float.NEGATIVE_INFINITY}) {
            assertThat(encode(encoding, low)).isEqualTo(lowest);
        }
        for (float high : new float[] {1, 1.0001f, 2, 1e30f, Float.POSITIVE_INFINITY}) {
            assertThat(encode(encoding, high)).isEqualTo(highest);
        }
    }

    @Test
    void theHighest32BitIntegersBecomeOne() {
        assertThat(decode(PcmEncoding.SIGNED_32, "ffffff7f")).isEqualTo(1f);
    }

    @Test
    void integersAreRoundedToTheNearest() {
        assertThat(encode(PcmEncoding.SIGNED_16, 1.4f / 32768)).isEqualTo("0100");
        assertThat(encode(PcmEncoding.SIGNED_16, 1.6f / 32768)).isEqualTo("0200");
        assertThat(encode(PcmEncoding.SIGNED_16, -1.6f / 32768)).isEqualTo("feff");
    }

    @Test
    void aNanBecomesSilenceInIntegersAndStaysInFloats() {
        assertThat(encode(PcmEncoding.UNSIGNED_8, Float.NaN)).isEqualTo("80");
        assertThat(encode(PcmEncoding.SIGNED_16, Float.NaN)).isEqualTo("0000");
        assertThat(decode(PcmEncoding.FLOAT_32, encode(PcmEncoding.FLOAT_32, Float.NaN)))
                .isNaN();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT_32", "FLOAT_64", "MU_LAW", "A_LAW"})
    void everyIntegerComesBack(PcmEncoding encoding) {
        Random random = new Random(3);
        int size = encoding.bytesPerSample();
        byte[] bytes = new byte[4096 * size];
        random.nextBytes(bytes);
        if (encoding == PcmEncoding.SIGNED_32) { // a float has 24 bits
            for (int i = 0; i < bytes.length; i += 4) {
                bytes[i] = 0;
            }
        }
        float[] samples = new float[4098];
        encoding.decode(ByteBuffer.wrap(bytes), samples, 1, 4096);
        ByteBuffer again = ByteBuffer.allocate(bytes.length);
        encoding.encode(samples, 1, 4096, again);
        assertThat(again.array()).isEqualTo(bytes);
    }

    @Test
    void positionsMoveAndBoundsAreKept() {
        ByteBuffer bytes =
                ByteBuffer.wrap(new byte[] {9, 0, 0x40, 0, (byte) 0xc0, 9}).position(1);
        float[] samples = new float[4];
        PcmEncoding.SIGNED_16.decode(bytes, samples, 1, 2);
        assertThat(samples).containsExactly(0, 0.5f, -0.5f, 0);
        assertThat(bytes.position()).isEqualTo(5);

        assertThatExceptionOfType(BufferUnderflowException.class)
                .isThrownBy(() -> PcmEncoding.SIGNED_16.decode(bytes, samples, 0, 1));
        assertThatExceptionOfType(BufferOverflowException.class)
                .isThrownBy(() -> PcmEncoding.SIGNED_16.encode(samples, 0, 1, bytes));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> PcmEncoding.SIGNED_16.decode(bytes, samples, 3, 2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> PcmEncoding.SIGNED_16.encode(samples, -1, 2, bytes));
    }
}
