package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.quant.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

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

    /**
     * Distribution of a tensor's random values, chosen so that activations keep their size from layer to layer, whatever the width.
     *
     * @param mean of the values
     * @param deviation their standard deviation
     */
    record Spread(float mean, float deviation) {
        private record Rule(Pattern ours, Spread spread) {}

        /** By our names; the first that matches counts. */
        private static final List<Rule> RULES = List.of(
                rule(".*_codebook\\._initialized", 1, 0),
                rule(".*_codebook\\.cluster_usage", 2, 0.3),
                rule(".*_codebook\\.embedding_sum", 0, 1),
                rule(".*\\.layer_scale_\\d\\.scale", 0.1, 0.01),
                rule(".*norm\\d?(\\.weight)?", 1, 0.05),
                rule(".*\\.bias", 0, 0.02),
                rule("(text|audio|depth\\.\\d+)\\.embedding(\\.\\d+)?", 0, 1));

        /** The gates' second matrices: the gates stay near the sigmoid of their shift by -4, about 0.018, as in a trained model. */
        private static final Pattern GATE_OUTPUT = Pattern.compile(".*\\.gate\\.output");

        private static final double GATE_GAIN = 0.2;

        private static Rule rule(String ours, double mean, double deviation) {
            return new Rule(Pattern.compile(ours), new Spread((float) mean, (float) deviation));
        }

        /**
         * The spread of a tensor.
         *
         * @param name our name
         * @param spec its shape
         * @return by its name; for matrices and kernels that no rule names, one over the root of the inputs of an output
         */
        static Spread of(String name, TensorSpec spec) {
            for (Rule rule : RULES) {
                if (rule.ours.matcher(name).matches()) {
                    return rule.spread;
                }
            }
            double gain = GATE_OUTPUT.matcher(name).matches() ? GATE_GAIN : 1;
            long inputs = spec.shape().entry().elements();
            return new Spread(0, (float) (gain / Math.sqrt(inputs)));
        }
    }
}
