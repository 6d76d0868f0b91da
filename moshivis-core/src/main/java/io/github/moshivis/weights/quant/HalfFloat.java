package io.github.moshivis.weights.quant;

/** IEEE 754 half precision, which Java 17 has no type for. */
final class HalfFloat {
    private static final int FRACTION_BITS = 10;
    private static final int FRACTION = (1 << FRACTION_BITS) - 1;
    private static final int EXPONENT = 0x1F;

    /** Fraction bits that a single has more. */
    private static final int MORE_BITS = 23 - FRACTION_BITS;

    /** The exponents' biases, 127 and 15. */
    private static final int MORE_BIAS = 127 - 15;

    /** The value of the last bit of a subnormal half: 2^-24. */
    private static final float SUBNORMAL_UNIT = 0x1p-24f;

    private static final int SIGN = 0x8000;

    /** From here on, numbers are rounded to infinity: the largest half, 65504, and half a step. */
    private static final float OVERFLOW = 65520;

    /** The smallest half that is not subnormal. */
    private static final float SMALLEST_NORMAL = 0x1p-14f;

    private HalfFloat() {}

    /**
     * Widens.
     *
     * @param half the 16 bits
     * @return the same number, exactly
     */
    static float toFloat(short half) {
        int fraction = half & FRACTION;
        int exponent = half >> FRACTION_BITS & EXPONENT;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * SUBNORMAL_UNIT;
        } else {
            int wide = exponent == EXPONENT ? 0xFF : exponent + MORE_BIAS;
            magnitude = Float.intBitsToFloat(wide << 23 | fraction << MORE_BITS);
        }
        return half < 0 ? -magnitude : magnitude;
    }

    /**
     * Narrows a finite number to the nearest half, ties to even; too large ones become infinite.
     *
     * @param value the number
     * @return the 16 bits
     */
    static short of(float value) {
        float magnitude = Math.abs(value);
        int sign = Float.floatToRawIntBits(value) >>> 16 & SIGN;
        if (magnitude >= OVERFLOW) {
            return (short) (sign | EXPONENT << FRACTION_BITS);
        }
        if (magnitude < SMALLEST_NORMAL) {
            return (short) (sign | (int) Math.rint(magnitude / SUBNORMAL_UNIT));
        }
        int bits = Float.floatToRawIntBits(magnitude);
        int half = (1 << MORE_BITS - 1) - 1 + (bits >>> MORE_BITS & 1); // rounds up, or a tie to even
        return (short) (sign | (bits + half >>> MORE_BITS) - (MORE_BIAS << FRACTION_BITS));
    }
}
