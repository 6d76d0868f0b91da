package io.github.moshivis.weights;

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
}
