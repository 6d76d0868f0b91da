package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.quant.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The random numbers of one tensor, each a function of seed, tensor and index alone, so that they can be computed in any order and
 * are the same on every machine.
 *
 * <p>Number i is {@code mean + deviation * n}; n is the sum of the four 16-bit parts of the i-th output of SplitMix64 (Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", 2014), less its mean and over its standard deviation: nearly normal, and
 * never beyond 3.47. SplitMix64 starts from the seed's own first output, exclusive-or the tensor name's FNV-1a hash.
 */
final class RandomValues {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    /** Mean of a sum of four numbers that are uniform from 0 to 65535. */
    private static final int SUM_MEAN = 2 * 65535;

    /** Its standard deviation: the square root of 4 * (65536^2 - 1) / 12. */
    private static final float SUM_DEVIATION = 37837.227f;

    private final long start;
    private final float mean;
    private final float scale;

    RandomValues(long seed, String tensor, float mean, float deviation) {
        this.start = mix(seed + GOLDEN_GAMMA) ^ hash(tensor);
        this.mean = mean;
        this.scale = deviation / SUM_DEVIATION;
    }

    /**
     * Numbers as a file stores them.
     *
     * @param first the first number's index
     * @param count how many
     * @param type BF16 or F32
     * @return their bytes, little-endian, from 0 to the limit
     */
    ByteBuffer bytes(long first, int count, StoredType type) {
        ByteBuffer bytes = ByteBuffer.allocate((int) type.byteLength(count)).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case BF16 -> {
                short[] values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] = Floats.bfloat16(value(first + i));
                }
                bytes.asShortBuffer().put(values);
            }
            case F32 -> {
                float[] values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = value(first + i);
                }
                bytes.asFloatBuffer().put(values);
            }
            default -> throw new IllegalArgumentException("Random " + type + " were asked for, expected BF16 or F32");
        }
        return bytes;
    }

    float value(long index) {
        long bits = mix(start + (index + 1) * GOLDEN_GAMMA);
        int sum = (int) (bits & 0xFFFF)
                + (int) (bits >>> 16 & 0xFFFF)
                + (int) (bits >>> 32 & 0xFFFF)
                + (int) (bits >>> 48);
        return mean + scale * (sum - SUM_MEAN);
    }

    private static long mix(long z) {
        long mixed = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    private static long hash(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xFF) * FNV_PRIME;
        }
        return hash;
    }
}
