package io.github.moshivis.cli.bench;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.weights.quant.MatrixForm;
import java.util.Arrays;

/** Form of the matrices of products, keys and values, and the dtype of everything else. */
public enum WeightForm {
    /** Float32. */
    F32("f32", DType.F32, MatrixForm.DENSE),
    /** bfloat16. */
    BF16("bf16", DType.BF16, MatrixForm.DENSE),
    /** 8 bits, a scale a row; all else in float32. */
    Q8_F32("q8 in f32", DType.F32, MatrixForm.INT8),
    /** 8 bits, a scale a row; all else in bfloat16. */
    Q8("q8", DType.BF16, MatrixForm.INT8),
    /** 4 bits in groups of 32; all else in bfloat16. */
    Q4("q4", DType.BF16, MatrixForm.int4(32)),
    /** 4 bits in groups of 64; all else in bfloat16. */
    Q4_64("q4:64", DType.BF16, MatrixForm.int4(64)),
    /** 4 bits in groups of 128; all else in bfloat16. */
    Q4_128("q4:128", DType.BF16, MatrixForm.int4(128)),
    /** Float32, but keys and values in 8 bits. */
    F32_COMPACT("f32 compact", DType.F32, MatrixForm.DENSE, true),
    /** 4 bits in groups of 32, keys and values in 8 bits; all else in bfloat16. */
    Q4_COMPACT("q4 compact", DType.BF16, MatrixForm.int4(32), true);

    private final String label;
    private final DType dtype;
    private final MatrixForm form;
    private final boolean compactKeys;

    WeightForm(String label, DType dtype, MatrixForm form) {
        this(label, dtype, form, false);
    }

    WeightForm(String label, DType dtype, MatrixForm form, boolean compactKeys) {
        this.label = label;
        this.dtype = dtype;
        this.form = form;
        this.compactKeys = compactKeys;
    }

    /**
     * Parses a name.
     *
     * @param name as of {@link #toString}, in any case
     * @return the form
     * @throws IllegalArgumentException if no form has that name
     */
    public static WeightForm parse(String name) {
        return Arrays.stream(values())
                .filter(form -> form.label.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "found '" + name + "', expected one of " + Arrays.toString(values())));
    }

    DType dtype() {
        return dtype;
    }

    MatrixForm form() {
        return form;
    }

    boolean compactKeys() {
        return compactKeys;
    }

    /** Returns the name on the command line. */
    @Override
    public String toString() {
        return label;
    }
}
