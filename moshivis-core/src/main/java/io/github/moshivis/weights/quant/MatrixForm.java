package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;

/**
 * The form in which matrices of products are held.
 *
 * @param kind the kind of form
 * @param group neighbors in a row that share a scale, with {@link Kind#INT4}; else 0
 */
public record MatrixForm(Kind kind, int group) {
    /** The kinds of forms. */
    public enum Kind {
        /** In the type that is computed in. */
        DENSE,
        /** The exact numbers, in the layout of a float32 kernel where there is one: a copy, never mapped. */
        LAID_OUT,
        /** The same, rounded to bfloat16 where there is a kernel for it. */
        LAID_OUT_BF16,
        /** The same, rounded to 8 bits with a scale for each row where there is a kernel for it. */
        LAID_OUT_INT8,
        /** 8 bits, a scale for each row. */
        INT8,
        /** 4 bits, a scale and a zero for each group. */
        INT4,
        /** Quantized matrices as near to the file as a product allows; all others dense. */
        AS_STORED
    }

    /** In the type that is computed in. */
    public static final MatrixForm DENSE = new MatrixForm(Kind.DENSE, 0);

    /** The exact numbers, in the layout of a float32 kernel. */
    public static final MatrixForm LAID_OUT = new MatrixForm(Kind.LAID_OUT, 0);

    /** The same, rounded to bfloat16. */
    public static final MatrixForm LAID_OUT_BF16 = new MatrixForm(Kind.LAID_OUT_BF16, 0);

    /** The same, rounded to 8 bits. */
    public static final MatrixForm LAID_OUT_INT8 = new MatrixForm(Kind.LAID_OUT_INT8, 0);

    /** 8 bits, a scale for each row. */
    public static final MatrixForm INT8 = new MatrixForm(Kind.INT8, 0);

    /** Quantized matrices as near to the file as a product allows. */
    public static final MatrixForm AS_STORED = new MatrixForm(Kind.AS_STORED, 0);

    /**
     * 4 bits.
     *
     * @param group neighbors in a row that share a scale and a zero
     */
    public static MatrixForm int4(int group) {
        return new MatrixForm(Kind.INT4, group);
    }

    /**
     * The form for small matrices that 4 bits would harm: 8 bits in place of 4, else this form. On other devices than the CPU, where such
     * small matrices do not dominate a step, the type of the computation.
     *
     * @param device where products are computed
     * @return the form
     */
    public MatrixForm finer(Device device) {
        if (device.isCpu() || kind == Kind.AS_STORED) {
            return kind == Kind.INT4 ? INT8 : this;
        }
        return DENSE;
    }

    /** Returns whether products with float32 numbers have a layout of their own. */
    public boolean isLaidOut() {
        return kind == Kind.LAID_OUT || kind == Kind.LAID_OUT_BF16 || kind == Kind.LAID_OUT_INT8;
    }

    /** The type that a laid-out matrix is rounded to; F32 for none. */
    DType laidOutType() {
        return switch (kind) {
            case LAID_OUT_BF16 -> DType.BF16;
            case LAID_OUT_INT8 -> DType.I8;
            default -> DType.F32;
        };
    }

    /** Returns whether it has fewer bits than the type of the computation. */
    public boolean isQuantizing() {
        return kind != Kind.DENSE && !isLaidOut();
    }
}
