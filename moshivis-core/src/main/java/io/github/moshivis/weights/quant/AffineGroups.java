package io.github.moshivis.weights.quant;

import java.nio.ByteBuffer;

/**
 * MLX's affine form: groups of neighbors in a row share a scale and an offset in bfloat16, and {@code scale * q + offset} is the
 * weight, q from 0 to {@code 2^bits - 1}; element 0 is in the lowest bits of a word.
 *
 * <p>The offset is the group's smallest weight, rounded down, and the scale the smallest bfloat16 with which the steps reach the
 * largest: every weight is within half a step of its quantized value. (MLX's own quantizer moves the scale so that zero is a step,
 * and cuts off up to a whole step at the other end.)
 *
 * @param bits 4 or 8
 * @param group neighbors that share a scale
 */
public record AffineGroups(int bits, int group) {
    /** As MLX's quantizer: no scale is smaller. */
    private static final float SMALLEST_SCALE = 1e-7f;

    /** Elements in a 32-bit word. */
    public int perWord() {
        return Integer.SIZE / bits;
    }

    /**
     * Quantizes.
     *
     * @param values finite numbers, whole groups
     * @param count how many
     * @param words takes {@code count / perWord()} little-endian words
     * @param scales takes a bfloat16 for each group
     * @param offsets takes a bfloat16 for each group
     */
    public void quantize(float[] values, int count, ByteBuffer words, ByteBuffer scales, ByteBuffer offsets) {
        for (int start = 0; start < count; start += group) {
            float smallest = Float.POSITIVE_INFINITY;
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = start; i < start + group; i++) {
                smallest = Math.min(smallest, values[i]);
                largest = Math.max(largest, values[i]);
            }
            float offset = Floats.bfloat16Below(smallest);
            float scale = scale(offset, largest);
            scales.putShort(Floats.bfloat16(scale));
            offsets.putShort(Floats.bfloat16(offset));
            pack(values, start, scale, offset, words);
        }
    }

    private float scale(float offset, float largest) {
        // In double: the difference of two floats need not be a float.
        double step = ((double) largest - offset) / last();
        float rounded = (float) step;
        float reaching = rounded < step ? Math.nextUp(rounded) : rounded;
        return Floats.bfloat16Above(Math.max(reaching, SMALLEST_SCALE));
    }

    private void pack(float[] values, int start, float scale, float offset, ByteBuffer words) {
        double steps = 1.0 / scale;
        for (int i = start; i < start + group; i += perWord()) {
            int word = 0;
            for (int j = 0; j < perWord(); j++) {
                int nearest = (int) (((double) values[i + j] - offset) * steps + 0.5); // never negative
                word |= Math.min(last(), nearest) << j * bits;
            }
            words.putInt(word);
        }
    }

    private int last() {
        return (1 << bits) - 1;
    }
}
