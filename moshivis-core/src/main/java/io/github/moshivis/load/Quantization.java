package io.github.moshivis.load;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The number of bits in which the language model's matrices are held. Fewer bits take less memory and less time, and change the model's
 * output: {@code docs/quantization.md} has figures. Embeddings, norms, image encoder and everything that runs once a picture are never
 * quantized. Immutable.
 */
public final class Quantization {
    /** Weights in the type that is computed in. The default. */
    public static final Quantization NONE = new Quantization("none", 0);

    /** 8 bits, a scale for each row; on NVIDIA GPUs of compute capability 8.9 and more in floating point. */
    public static final Quantization Q8 = new Quantization("q8", 0);

    /** 4 bits in groups of 32: the smallest memory; slower than 8 bits on a CPU. */
    public static final Quantization Q4 = q4(32);

    /**
     * Matrices that the file quantizes stay as near to the file as a product allows; all others are not quantized. Values of 4 bits keep
     * their values, their scales are rounded to bfloat16; values of more bits are rounded once more, to 8 bits with a scale for each row.
     */
    public static final Quantization AS_STORED = new Quantization("as-stored", 0);

    private static final Pattern Q4_GROUP = Pattern.compile("q4:(\\d{1,4})");

    private final String name;
    /** Size of the groups of 4-bit weights; 0 for none. */
    private final int group;

    private Quantization(String name, int group) {
        this.name = name;
        this.group = group;
    }

    /**
     * 4 bits, with a scale and a zero for each group of neighbors in a row. Matrices whose rows are not a multiple of 128 long, or
     * whose number of rows is not a multiple of 16, are not quantized; loading logs them.
     *
     * @param group 32, 64, 128 or 256: larger ones take less memory and are less exact
     * @return the quantization
     * @throws IllegalArgumentException if there is no product for the group
     */
    public static Quantization q4(int group) {
        if (group != 32 && group != 64 && group != 128 && group != 256) {
            throw new IllegalArgumentException(
                    "Weights of 4 bits come in groups: found " + group + ", expected 32, 64, 128 or 256. Choose one");
        }
        return new Quantization(group == 32 ? "q4" : "q4 in groups of " + group, group);
    }

    /**
     * Reads a quantization as it stands in a configuration.
     *
     * @param name {@code none}, {@code q8}, {@code q4}, {@code q4:64} for another group, or {@code as-stored}
     * @return the quantization
     * @throws IllegalArgumentException if there is no such one
     */
    public static Quantization parse(String name) {
        Objects.requireNonNull(name, "name");
        String lower = name.toLowerCase(Locale.ROOT);
        Matcher group = Q4_GROUP.matcher(lower);
        if (group.matches()) {
            return q4(Integer.parseInt(group.group(1)));
        }
        return Stream.of(NONE, Q8, Q4, AS_STORED)
                .filter(known -> known.name.equals(lower))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No such quantization: found '" + name
                        + "', expected none, q8, q4, q4:GROUP or as-stored. Choose one"));
    }

    /**
     * Returns the size of the groups of 4-bit weights.
     *
     * @return neighbors in a row that share a scale and a zero; empty if these are not weights of 4 bits
     */
    public OptionalInt group() {
        return group == 0 ? OptionalInt.empty() : OptionalInt.of(group);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantization that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
