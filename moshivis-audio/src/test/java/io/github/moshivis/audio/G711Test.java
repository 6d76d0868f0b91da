package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the companding laws to the values of the Recommendation and to the JDK's codecs, which were made independently. */
class G711Test {
    private static final int CODES = 256;

    @ParameterizedTest
    @CsvSource({
        "MU_LAW, 0x00, -32124",
        "MU_LAW, 0x80, 32124",
        "MU_LAW, 0xff, 0",
        "MU_LAW, 0x7f, 0",
        "MU_LAW, 0xfe, 8",
        "MU_LAW, 0xf0, 120",
        "MU_LAW, 0xef, 132",
        "A_LAW, 0xd5, 8",
        "A_LAW, 0x55, -8",
        "A_LAW, 0xaa, 32256",
        "A_LAW, 0x2a, -32256",
    })
    void codesStandForTheValuesOfTheRecommendation(G711 law, String code, int value) {
        assertThat(law.decode(Integer.decode(code).byteValue())).isEqualTo((short) value);
    }

    @ParameterizedTest
    @EnumSource(G711.class)
    void theJdkDecodesTheSame(G711 law) throws IOException {
        byte[] codes = new byte[CODES];
        for (int i = 0; i < CODES; i++) {
            codes[i] = (byte) i;
        }
        Encoding encoding = law == G711.MU_LAW ? Encoding.ULAW : Encoding.ALAW;
        AudioFormat from = new AudioFormat(encoding, 8000, 8, 1, 1, 8000, false);
        AudioFormat to = new AudioFormat(Encoding.PCM_SIGNED, 8000, 16, 1, 2, 8000, false);
        AudioInputStream stream = new AudioInputStream(new ByteArrayInputStream(codes), from, CODES);
        ByteBuffer expected = ByteBuffer.wrap(
                        AudioSystem.getAudioInputStream(to, stream).readAllBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (byte code : codes) {
            assertThat(law.decode(code)).as("code %02x", code).isEqualTo(expected.getShort());
        }
    }

    @ParameterizedTest
    @EnumSource(G711.class)
    void everyCodeComesBack(G711 law) {
        for (int i = 0; i < CODES; i++) {
            short value = law.decode((byte) i);
            byte again = law.encode(value);
            assertThat(law.decode(again)).isEqualTo(value);
            if (value != 0) {
                assertThat(again).isEqualTo((byte) i);
            }
        }
    }

    /** A value gets a code whose interval it lies in: half a step away at most, and never further down than a smaller value. */
    @ParameterizedTest
    @EnumSource(G711.class)
    void everyValueIsWithinHalfAStep(G711 law) {
        int before = Integer.MIN_VALUE;
        for (int value = Short.MIN_VALUE; value <= Short.MAX_VALUE; value++) {
            int decoded = law.decode(law.encode(value));
            int magnitude = Math.abs(decoded);
            int step = law == G711.MU_LAW
                    ? Integer.highestOneBit(magnitude + 132) / 16
                    : Math.max(16, Integer.highestOneBit(magnitude) / 16);
            assertThat(Math.abs(decoded - value))
                    .as("%s %d", law, value)
                    .isLessThanOrEqualTo(Math.max(step / 2, clip(value)));
            assertThat(decoded).isGreaterThanOrEqualTo(before);
            before = decoded;
        }
    }

    /** Beyond the last interval's middle the codes end. */
    private static int clip(int value) {
        return Math.max(0, Math.abs(value) - 32124);
    }

    @Test
    void samplesAreScaledAsIntegersOf16Bits() {
        float[] samples = new float[2];
        PcmEncoding.MU_LAW.decode(ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x00}), samples, 0, 2);
        assertThat(samples).containsExactly(32124 / 32768f, -32124 / 32768f);
        ByteBuffer bytes = ByteBuffer.allocate(5);
        PcmEncoding.A_LAW.encode(new float[] {2, -2, 0, Float.NaN, 0.5f}, 0, 5, bytes);
        assertThat(bytes.array()).containsExactly(0xaa, 0x2a, 0xd5, 0xd5, 0xa5);
    }
}
