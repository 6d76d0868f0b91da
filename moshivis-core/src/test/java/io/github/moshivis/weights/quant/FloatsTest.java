package io.github.moshivis.weights.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.weights.file.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers as files store them. */
class FloatsTest {
    private static float widened(short bfloat16) {
        return Float.intBitsToFloat(bfloat16 << Short.SIZE);
    }

    @Test
    void aBfloat16BoundsANumberFromBothSidesAndTheNearestIsOneOfThem() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(60) - 30));
            float below = Floats.bfloat16Below(value);
            float above = Floats.bfloat16Above(value);
            assertThat(value).isBetween(below, above);
            float nearest = widened(Floats.bfloat16(value));
            assertThat(nearest).isIn(below, above);
            assertThat(Math.abs(nearest - value)).isLessThanOrEqualTo((above - below) / 2);
        }
    }

    @Test
    void aBfloat16IsItself() {
        for (float value : new float[] {0, 1, -1, 3.140625f, -1e-38f}) {
            float exact = widened(Floats.bfloat16(value));
            assertThat(Floats.bfloat16Above(exact)).isEqualTo(exact);
            assertThat(Floats.bfloat16Below(exact)).isEqualTo(exact);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F32"})
    void whatIsWrittenIsReadAgain(StoredType type) {
        float[] values = {0, -1.5f, 256, 0.0078125f};
        ByteBuffer bytes =
                ByteBuffer.allocate((int) type.byteLength(values.length)).order(ByteOrder.LITTLE_ENDIAN);
        Floats.write(type, values, values.length, bytes);
        float[] back = new float[values.length];
        Floats.read(type, bytes.flip(), back, back.length);
        assertThat(back).isEqualTo(values);
    }

    @Test
    void halvesAndDoublesAreRead() {
        ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) 0x3C00).putDouble(-0.25).flip();
        float[] value = new float[1];
        Floats.read(StoredType.F16, bytes, value, 1);
        assertThat(value[0]).isEqualTo(1);
        Floats.read(StoredType.F64, bytes, value, 1);
        assertThat(value[0]).isEqualTo(-0.25f);
    }

    @Test
    void otherTypesAreRefused() {
        assertThatThrownBy(() -> Floats.read(StoredType.I8, ByteBuffer.allocate(4), new float[1], 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("I8", "expected BF16, F16, F32 or F64");
        assertThatThrownBy(() -> Floats.write(StoredType.F64, new float[1], 1, ByteBuffer.allocate(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("F64", "expected BF16 or F32");
    }
}
