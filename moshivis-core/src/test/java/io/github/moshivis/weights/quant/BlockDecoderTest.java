package io.github.moshivis.weights.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.weights.file.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Each kind of block against one that is filled and computed by hand. */
class BlockDecoderTest {
    private static final short ONE = 0x3C00;
    private static final short MINUS_TWO = (short) 0xC000;
    private static final short HALF = 0x3800;

    private final ByteBuffer block = ByteBuffer.allocate(210).order(ByteOrder.LITTLE_ENDIAN);

    private void assertDecodes(StoredType type, IntToDoubleFunction expected) {
        float[] values = new float[type.blockElements() + 2];
        assertThat(block.position()).as("bytes written").isEqualTo(type.blockBytes());
        BlockDecoder.decode(type, block.array(), 0, values, 1);
        assertThat(values[0]).isZero();
        assertThat(values[values.length - 1]).isZero();
        for (int i = 0; i < type.blockElements(); i++) {
            assertThat(values[i + 1]).as(type + " element " + i).isEqualTo((float) expected.applyAsDouble(i));
        }
    }

    @Test
    void q8IsAScaleAndBytes() {
        block.putShort(HALF);
        for (int i = 0; i < 32; i++) {
            block.put((byte) (i * 8 - 128));
        }
        assertDecodes(StoredType.Q8_0, i -> 0.5 * (i * 8 - 128));
    }

    /** Pairs: element i has 15 - i, element 16 + i has i. */
    private void putNibbles() {
        for (int i = 0; i < 16; i++) {
            block.put((byte) (15 - i | i << 4));
        }
    }

    private static int nibble(int i) {
        return i < 16 ? 15 - i : i - 16;
    }

    @Test
    void q4IsCenteredOnEight() {
        block.putShort(MINUS_TWO);
        putNibbles();
        assertDecodes(StoredType.Q4_0, i -> -2 * (nibble(i) - 8) + 0.0);
    }

    @Test
    void q4WithAnOffset() {
        block.putShort(HALF).putShort(MINUS_TWO);
        putNibbles();
        assertDecodes(StoredType.Q4_1, i -> 0.5 * nibble(i) - 2);
    }

    @Test
    void q5HasItsFifthBitsApartAndIsCenteredOnSixteen() {
        block.putShort(ONE).putInt(0b10000000_00000000_00000000_00000101);
        putNibbles();
        assertDecodes(StoredType.Q5_0, i -> nibble(i) + (i == 0 || i == 2 || i == 31 ? 16 : 0) - 16);
    }

    @Test
    void q5WithAnOffset() {
        block.putShort(HALF).putShort(ONE).putInt(0xFFFF0000);
        putNibbles();
        assertDecodes(StoredType.Q5_1, i -> 0.5 * (nibble(i) + (i >= 16 ? 16 : 0)) + 1);
    }

    @Test
    void q4kHasScalesAndOffsetsOfSixBits() {
        // Sub-block s: scale 7 * s + 1 (50 for s = 7), offset 63 - 8 * s.
        int[] scales = new int[8];
        int[] offsets = new int[8];
        for (int s = 0; s < 8; s++) {
            scales[s] = 7 * s + 1;
            offsets[s] = 63 - 8 * s;
        }
        block.putShort(HALF).putShort(ONE);
        for (int s = 0; s < 4; s++) {
            block.put((byte) (scales[s] | scales[s + 4] >> 4 << 6));
        }
        for (int s = 0; s < 4; s++) {
            block.put((byte) (offsets[s] | offsets[s + 4] >> 4 << 6));
        }
        for (int s = 4; s < 8; s++) {
            block.put((byte) (scales[s] & 0xF | (offsets[s] & 0xF) << 4));
        }
        // Byte b holds element b % 32 of sub-blocks 2 * (b / 32), low, and the next, high.
        for (int b = 0; b < 128; b++) {
            block.put((byte) (b % 16 | (15 - b % 16) << 4));
        }
        assertDecodes(StoredType.Q4_K, i -> {
            int sub = i / 32;
            int quant = sub % 2 == 0 ? i % 16 : 15 - i % 16;
            return 0.5 * scales[sub] * quant - offsets[sub];
        });
    }

    @Test
    void q6kHasSignedScalesOfSixteen() {
        int[] quants = new int[256];
        for (int i = 0; i < 256; i++) {
            quants[i] = (i * 37 + i / 16) % 64;
        }
        byte[] low = new byte[128];
        byte[] high = new byte[64];
        // As the format is written: 4 runs of 32 in each half of the block.
        for (int half = 0; half < 2; half++) {
            for (int l = 0; l < 32; l++) {
                int[] four = new int[4];
                for (int run = 0; run < 4; run++) {
                    four[run] = quants[half * 128 + run * 32 + l];
                }
                low[half * 64 + l] = (byte) (four[0] & 0xF | (four[2] & 0xF) << 4);
                low[half * 64 + 32 + l] = (byte) (four[1] & 0xF | (four[3] & 0xF) << 4);
                high[half * 32 + l] = (byte) (four[0] >> 4 | four[1] >> 4 << 2 | four[2] >> 4 << 4 | four[3] >> 4 << 6);
            }
        }
        block.put(low).put(high);
        for (int s = 0; s < 16; s++) {
            block.put((byte) (s * 16 - 128));
        }
        block.putShort(HALF);
        assertDecodes(StoredType.Q6_K, i -> (float) (0.5 * (i / 16 * 16 - 128)) * (quants[i] - 32));
    }

    @Test
    void scalarsAreNoBlocks() {
        assertThatThrownBy(() -> BlockDecoder.decode(StoredType.F32, new byte[4], 0, new float[1], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("F32");
    }

    @Test
    void halvesAreWidenedExactly() {
        assertThat(HalfFloat.toFloat((short) 0x0000)).isEqualTo(0f);
        assertThat(HalfFloat.toFloat((short) 0x8000)).isEqualTo(-0f);
        assertThat(HalfFloat.toFloat((short) 0x0001)).isEqualTo(0x1p-24f);
        assertThat(HalfFloat.toFloat((short) 0x83FF)).isEqualTo(-0x3FFp-24f);
        assertThat(HalfFloat.toFloat((short) 0x0400)).isEqualTo(0x1p-14f);
        assertThat(HalfFloat.toFloat((short) 0x3555)).isEqualTo(0.333251953125f);
        assertThat(HalfFloat.toFloat((short) 0x7BFF)).isEqualTo(65504f);
        assertThat(HalfFloat.toFloat((short) 0xFC00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(HalfFloat.toFloat((short) 0x7E00)).isNaN();
    }
}
