package io.github.moshivis.weights.quant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.weights.file.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** GGUF's blocks of 8 bits, as the reference's quantizer makes them, and the half-precision scale in them. */
class Q8BlocksTest {
    /** Half a step, and what rounding the scale to half precision, by at most 2^-11 of it, moves 127 steps. */
    private static final double HALF_A_STEP = 0.5 + 127.0 / (1 << 11) + 1e-3;

    private static ByteBuffer quantize(float... values) {
        ByteBuffer blocks = ByteBuffer.allocate((int) StoredType.Q8_0.byteLength(values.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        Q8Blocks.quantize(values, values.length, blocks);
        assertThat(blocks.hasRemaining()).isFalse();
        return blocks;
    }

    @Test
    void theLargestMagnitudeIs127Steps() {
        float[] values = new float[32];
        values[0] = -127;
        values[1] = 0.5f;
        values[2] = -0.5f;
        values[3] = 0.49f;
        values[31] = 126.5f;
        ByteBuffer block = quantize(values);
        assertThat(HalfFloat.toFloat(block.getShort(0))).isEqualTo(1);
        assertThat(block.get(2)).isEqualTo((byte) -127);
        assertThat(block.get(3)).as("a tie, away from zero").isEqualTo((byte) 1);
        assertThat(block.get(4)).as("a tie, away from zero").isEqualTo((byte) -1);
        assertThat(block.get(5)).isZero();
        assertThat(block.get(33)).isEqualTo((byte) 127);
    }

    @Test
    void zerosAreZeros() {
        assertThat(quantize(new float[64]).array()).containsOnly(0);
    }

    @Test
    void everyWeightIsWithinHalfAStep() {
        Random random = new Random(1);
        float[] values = new float[32 * 1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(10, i / 32 % 4 - 2));
        }
        ByteBuffer blocks = quantize(values);
        float[] back = new float[values.length];
        for (int block = 0; block < values.length / 32; block++) {
            BlockDecoder.decode(StoredType.Q8_0, blocks.array(), block * 34, back, block * 32);
            float scale = HalfFloat.toFloat(blocks.getShort(block * 34));
            for (int i = block * 32; i < block * 32 + 32; i++) {
                assertThat(Math.abs(back[i] - values[i]) / scale).isLessThanOrEqualTo((float) HALF_A_STEP);
            }
        }
    }

    @Test
    void everyHalfIsItself() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float value = HalfFloat.toFloat((short) bits);
            if (Float.isFinite(value)) {
                assertThat(HalfFloat.of(value)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void betweenTwoHalvesTheNearerIsTakenAndOfATieTheEvenOne() {
        for (int bits = 0; bits < 0x7BFF; bits++) {
            float low = HalfFloat.toFloat((short) bits);
            float high = HalfFloat.toFloat((short) (bits + 1));
            float middle = (low + high) / 2; // exact: a single has bits to spare
            assertThat(HalfFloat.of(Math.nextDown(middle))).isEqualTo((short) bits);
            assertThat(HalfFloat.of(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
            assertThat(HalfFloat.of(middle)).isEqualTo((short) (bits + bits % 2));
            assertThat(HalfFloat.of(-middle)).isEqualTo((short) (bits + bits % 2 | 0x8000));
        }
        assertThat(HalfFloat.toFloat(HalfFloat.of(65519))).isEqualTo(65504);
        assertThat(HalfFloat.toFloat(HalfFloat.of(65520))).isInfinite();
    }
}
