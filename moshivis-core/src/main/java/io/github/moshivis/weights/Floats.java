package io.github.moshivis.weights;

import java.nio.ByteBuffer;

/** Floating-point numbers as files store them. */
public final class Floats {
    /** Bits of a single's significand that a bfloat16 lacks. */
    private static final int BFLOAT16_SHIFT = 16;

    private static final int HALF_SIGN = 0x8000;
    private static final int HALF_INFINITY = 0x7C00;

    /** From here on a half is infinite: the largest, 65504, and half a step. */
    private static final float HALF_OVERFLOW = 65520;

    /** The step of the smallest halves, those without a leading one. */
    private static final float HALF_STEP = 0x1p-24f;

    /** The smallest half with a leading one. */
    private static final float HALF_NORMAL = 0x1p-14f;

    private Floats() {}

    /** Rounds to the nearest bfloat16, ties to even; the number is finite. */
    public static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7FFF + (bits >>> BFLOAT16_SHIFT & 1) >>> BFLOAT16_SHIFT);
    }

    /** The largest bfloat16 that is not above a finite number. */
    static float bfloat16Below(float value) {
        return -bfloat16Above(-value);
    }

    /** The smallest bfloat16 that is not below a finite number. */
    static float bfloat16Above(float value) {
        int bits = Float.floatToRawIntBits(value);
        int cut = bits & -1 << BFLOAT16_SHIFT;
        boolean up = cut != bits && bits > 0;
        return Float.intBitsToFloat(up ? cut + (1 << BFLOAT16_SHIFT) : cut);
    }

    /** Rounds to the nearest half, ties to even; the number is finite. */
    static short half(float value) {
        float magnitude = Math.abs(value);
        int sign = Float.floatToRawIntBits(value) < 0 ? HALF_SIGN : 0;
        if (magnitude >= HALF_OVERFLOW) {
            return (short) (sign | HALF_INFINITY);
        }
        if (magnitude < HALF_NORMAL) {
            return (short) (sign | (int) Math.rint(magnitude / HALF_STEP));
        }
        int bits = Float.floatToRawIntBits(magnitude);
        int rounded = bits + 0xFFF + (bits >>> 13 & 1) >>> 13; // 23 bits of significand become 10
        return (short) (sign | rounded - (127 - 15 << 10)); // and the exponent's bias 15
    }

    private static float fromHalf(short half) {
        int exponent = half >>> 10 & 0x1F;
        int fraction = half & 0x3FF;
        float magnitude =
                switch (exponent) {
                    case 0 -> fraction * HALF_STEP;
                    case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> Float.intBitsToFloat(exponent + 127 - 15 << 23 | fraction << 13);
                };
        return half < 0 ? -magnitude : magnitude;
    }

    /**
     * Reads numbers.
     *
     * @param type BF16, F16, F32 or F64; a double is rounded to the nearest
     * @param bytes little-endian; read from its position
     * @param values takes them
     * @param count how many
     * @throws IllegalArgumentException for another type
     */
    public static void read(StoredType type, ByteBuffer bytes, float[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case BF16 -> Float.intBitsToFloat(bytes.getShort() << BFLOAT16_SHIFT);
                case F16 -> fromHalf(bytes.getShort());
                case F32 -> bytes.getFloat();
                case F64 -> (float) bytes.getDouble();
                default ->
                    throw new IllegalArgumentException("Cannot read numbers of type " + type
                            + ": expected BF16, F16, F32 or F64. Ask for another tensor.");
            };
        }
    }

    /**
     * Writes numbers.
     *
     * @param type BF16 or F32
     * @param values finite, those of a bfloat16 rounded to the nearest
     * @param count how many
     * @param bytes takes them from its position; little-endian
     * @throws IllegalArgumentException for another type
     */
    public static void write(StoredType type, float[] values, int count, ByteBuffer bytes) {
        for (int i = 0; i < count; i++) {
            switch (type) {
                case BF16 -> bytes.putShort(bfloat16(values[i]));
                case F32 -> bytes.putFloat(values[i]);
                default ->
                    throw new IllegalArgumentException(
                            "Cannot write numbers of type " + type + ": expected BF16 or F32. Ask for another type.");
            }
        }
    }
}
