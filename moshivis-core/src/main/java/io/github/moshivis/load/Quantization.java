package io.github.moshivis.load;

import io.github.moshivis.weights.quant.MatrixForm;
import java.util.Locale;
import java.util.Objects;
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
    public static final Quantization NONE = new Quantization("none", MatrixForm.DENSE);

    /** 8 bits, a scale for each row; on NVIDIA GPUs of compute capability 8.9 and more in floating point. */
    public static final Quantization Q8 = new Quantization("q8", MatrixForm.INT8);

    /** 4 bits in groups of 32: the smallest memory; slower than 8 bits on a CPU. */
    public static final Quantization Q4 = q4(32);

    /**
     * Matrices that the file quantizes stay as near to the file as a product allows; all others are not quantized. Values of 4 bits keep
     * their values, their scales are rounded to bfloat16; values of more bits are rounded once more, to 8 bits with a scale for each row.
     */
    public static final Quantization AS_STORED = new Quantization("as-stored", MatrixForm.AS_STORED);

    private static final Pattern Q4_GROUP = Pattern.compile("q4:(\\d{1,4})");

    private final String name;
    private final MatrixForm form;

    private Quantization(String name, MatrixForm form) {
        this.name = name;
        this.form = form;
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
        return new Quantization(group == 32 ? "q4" : "q4 in groups of " + group, MatrixForm.int4(group));
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
     * The form in which matrices are held.
     *
     * @return the form
     */
    @SuppressWarnings("exports") // for the modules of this project
    public MatrixForm form() {
        return form;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantization that && form.equals(that.form);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(form);
    }

    @Override
    public String toString() {
        return name;
    }
}
