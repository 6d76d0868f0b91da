package io.github.moshivis.audio;

/**
 * The two companding laws of telephony, ITU-T Recommendation G.711: one byte for one sample of 14 bits (mu-law) or 13 bits (A-law),
 * here as integers of 16 bits with the unused low bits zero. A code is a sign, a segment of 3 bits, and a step of 4 bits within it;
 * each segment has twice the step of the one below.
 */
enum G711 {
    /** North America and Japan. Added to magnitudes, 33 of 14 bits makes each segment begin at a power of two. */
    MU_LAW(0xff, 33 << 2, 3, 0),
    /** All other countries. Every second bit is inverted on the line; the two lowest segments have the same step. */
    A_LAW(0xd5, 0, 4, 1);

    private static final int SIGN = 0x80;
    private static final int LARGEST = Short.MAX_VALUE;

    private final int inverted;
    private final int bias;
    /** Base-2 logarithm of the smallest step in 16-bit integers. */
    private final int stepBits;
    /** The segment up to which all have the smallest step. */
    private final int lowest;

    private final short[] decoded = new short[1 << Byte.SIZE];

    G711(int inverted, int bias, int stepBits, int lowest) {
        this.inverted = inverted;
        this.bias = bias;
        this.stepBits = stepBits;
        this.lowest = lowest;
        for (int code = 0; code < decoded.length; code++) {
            decoded[code] = (short) expand(code ^ inverted);
        }
    }

    /** The middle of a code's interval, from its bits as they are before inversion. */
    private int expand(int bits) {
        int segment = bits >> 4 & 7;
        int doubled = Math.max(0, segment - lowest);
        int halfSteps = 2 * (bits & 15) + (segment < lowest ? 1 : 33);
        int magnitude = (halfSteps << (doubled + stepBits - 1)) - bias;
        return (bits & SIGN) == 0 ? magnitude : -magnitude;
    }

    /** The 16-bit integer that a code stands for. */
    short decode(byte code) {
        return decoded[code & 0xff];
    }

    /** The code of a 16-bit integer. */
    byte encode(int value) {
        int sign = value < 0 ? SIGN : 0;
        int magnitude = Math.min(LARGEST, (value < 0 ? ~value : value) + bias);
        // A magnitude whose leading bit is that of segment s lies in it: 5 bits from there on, of which the first is
        // implied.
        int leading = Integer.SIZE - Integer.numberOfLeadingZeros(magnitude);
        int segment = Math.max(lowest, leading - stepBits - 5 + lowest);
        int step = magnitude >> (segment - lowest + stepBits);
        int bits = step < 16 ? step : segment << 4 | step & 15;
        return (byte) ((sign | bits) ^ inverted);
    }
}
