package io.github.moshivis.weights.quant;

import io.github.moshivis.weights.file.StoredType;
import java.nio.ByteBuffer;

/**
 * GGUF's Q8_0: blocks of 32 neighbors in a row, a half-precision scale and 32 signed bytes each. As ggml and candle quantize: the
 * scale is the largest magnitude over 127, and a byte is the nearest multiple of the scale before that is rounded to half, ties away
 * from zero.
 */
public final class Q8Blocks {
    private static final int ELEMENTS = StoredType.Q8_0.blockElements();

    private static final float LARGEST = 127;

    private Q8Blocks() {}

    /**
     * Quantizes.
     *
     * @param values finite numbers, whole blocks
     * @param count how many
     * @param out takes {@code count / 32 * 34} bytes from its position; little-endian
     */
    public static void quantize(float[] values, int count, ByteBuffer out) {
        for (int start = 0; start < count; start += ELEMENTS) {
            float largest = 0;
            for (int i = start; i < start + ELEMENTS; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float scale = largest / LARGEST;
            float inverse = scale == 0 ? 0 : 1 / scale;
            out.putShort(HalfFloat.of(scale));
            for (int i = start; i < start + ELEMENTS; i++) {
                float scaled = values[i] * inverse;
                out.put((byte) (scaled + Math.copySign(0.5f, scaled)));
            }
        }
    }
}
