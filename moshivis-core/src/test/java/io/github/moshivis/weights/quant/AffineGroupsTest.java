package io.github.moshivis.weights.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MLX's groups: how they are packed, and that every weight is within half a step, whatever the weights are. */
class AffineGroupsTest {
    /** Of the step: what rounding to float in {@code scale * q + offset} may add. */
    private static final double FLOAT_NOISE = 1e-3;

    private record Quantized(ByteBuffer words, ByteBuffer scales, ByteBuffer offsets) {
        float scale(int group) {
            return bfloat16(scales, group);
        }

        float offset(int group) {
            return bfloat16(offsets, group);
        }

        private static float bfloat16(ByteBuffer bytes, int index) {
            return Float.intBitsToFloat(bytes.getShort(index * Short.BYTES) << Short.SIZE);
        }
    }

    private static Quantized quantize(AffineGroups form, float... values) {
        Quantized result = new Quantized(
                buffer(values.length / form.perWord() * Integer.BYTES),
                buffer(values.length / form.group() * Short.BYTES),
                buffer(values.length / form.group() * Short.BYTES));
        form.quantize(values, values.length, result.words, result.scales, result.offsets);
        assertThat(result.words.hasRemaining()).isFalse();
        assertThat(result.scales.hasRemaining()).isFalse();
        return result;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void theFirstElementIsInTheLowestBits() {
        float[] values = new float[32];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 16;
        }
        Quantized four = quantize(new AffineGroups(4, 32), values);
        assertThat(four.scale(0)).isEqualTo(1);
        assertThat(four.offset(0)).isZero();
        assertThat(four.words.getInt(0)).isEqualTo(0x76543210);
        assertThat(four.words.getInt(4)).isEqualTo(0xFEDCBA98);

        for (int i = 0; i < values.length; i++) {
            values[i] = i == 31 ? 255 : i;
        }
        Quantized eight = quantize(new AffineGroups(8, 32), values);
        assertThat(eight.words.getInt(0)).isEqualTo(0x03020100);
        assertThat(eight.words.getInt(28)).isEqualTo(0xFF1E1D1C);
    }

    @ParameterizedTest
    @CsvSource({"4, 32, 0.02", "4, 64, 1", "4, 128, 1e-6", "8, 32, 3000", "8, 64, 0.02", "8, 128, 1e-3"})
    void everyWeightIsWithinHalfAStep(int bits, int group, float size) {
        Random random = new Random(bits * group);
        float[] values = new float[group * 500];
        for (int i = 0; i < values.length; i++) {
            // Around zero, all positive, all negative.
            values[i] = size * (float) (random.nextGaussian() + 6 * (i / group % 3 - 1));
        }
        assertWithinHalfAStep(new AffineGroups(bits, group), values);
    }

    @ParameterizedTest
    @CsvSource({"0", "-0.0", "1", "-3.1415927", "1e30", "-1e-30"})
    void equalWeightsStayAsTheyAreButForRounding(float value) {
        float[] values = new float[32];
        java.util.Arrays.fill(values, value);
        assertWithinHalfAStep(new AffineGroups(4, 32), values);
    }

    private static void assertWithinHalfAStep(AffineGroups form, float[] values) {
        Quantized quantized = quantize(form, values);
        int mask = (1 << form.bits()) - 1;
        double worst = 0;
        for (int i = 0; i < values.length; i++) {
            int word = quantized.words.getInt(i / form.perWord() * Integer.BYTES);
            int q = word >>> i % form.perWord() * form.bits() & mask;
            float scale = quantized.scale(i / form.group());
            double value = (double) scale * q + quantized.offset(i / form.group());
            worst = Math.max(worst, Math.abs(value - values[i]) / scale);
        }
        assertThat(worst).isLessThanOrEqualTo(0.5 + FLOAT_NOISE);
    }
}
