package io.github.moshivis.lm;

/**
 * The generator L64X128Mix of Steele and Vigna, "LXM: better splittable pseudorandom number generators (and almost as fast)" (OOPSLA 2021), with
 * the numbers of the JDK's {@code L64X128MixRandom}, which small Java runtimes do not have. Used by one thread.
 */
final class Lxm {
    private static final long MULTIPLIER = 0xd1342543de82ef95L;
    private static final long SILVER_RATIO = 0x6a09e667f3bcc909L;
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    /** Bits of a double's fraction, and their unit. */
    private static final int DOUBLE_BITS = 53;

    private static final double DOUBLE_UNIT = 0x1.0p-53;

    private final long addend;
    private long counter = 1;
    private long low;
    private long high;

    Lxm(long seed) {
        long mixed = seed ^ SILVER_RATIO;
        addend = mix(mixed, 33, 0xff51afd7ed558ccdL, 33, 0xc4ceb9fe1a85ec53L, 33) | 1;
        low = stafford(mixed);
        high = stafford(mixed + GOLDEN_RATIO);
        if ((low | high) == 0) { // the xor part must not stand still
            low = stafford(1 + GOLDEN_RATIO);
            high = stafford(1 + 2 * GOLDEN_RATIO);
        }
    }

    private static long stafford(long value) {
        return mix(value, 30, 0xbf58476d1ce4e5b9L, 27, 0x94d049bb133111ebL, 31);
    }

    private static long mix(long value, int first, long a, int second, long b, int third) {
        long mixed = (value ^ value >>> first) * a;
        mixed = (mixed ^ mixed >>> second) * b;
        return mixed ^ mixed >>> third;
    }

    long nextLong() {
        long result = mix(counter + low, 32, 0xdaba0b6eb09322e3L, 32, 0xdaba0b6eb09322e3L, 32);
        counter = MULTIPLIER * counter + addend;
        long changed = high ^ low;
        low = Long.rotateLeft(low, 24) ^ changed ^ changed << 16;
        high = Long.rotateLeft(changed, 37);
        return result;
    }

    /** A number from 0, inclusive, to 1, exclusive. */
    double nextDouble() {
        return (nextLong() >>> Long.SIZE - DOUBLE_BITS) * DOUBLE_UNIT;
    }
}
