package io.github.moshivis.tensor;

import io.github.moshivis.kernel.MatrixKernels;
import io.github.moshivis.kernel.PackedForm;
import io.github.moshivis.kernel.PanelKernel;

/** Memory of packed matrices, known by form and sizes before a matrix is read. Each method gives the bytes of {@link PackedMatrix#bytes}. */
public final class MatrixBytes {
    /** FBGEMM packs columns in blocks and keeps a scale, a zero point and a sum for each row. */
    private static final int FBGEMM_BESIDE_A_ROW = 16;

    private MatrixBytes() {}

    /** Bytes of {@link PackedMatrix#rounded} and {@link PackedMatrix#kept}. */
    public static long kernels(PackedForm form, long out, long in) {
        return new MatrixKernels.Packed(0, form, out, in).bytes();
    }

    /**
     * Bytes of {@link PackedMatrix#panels}.
     *
     * @param type F32 gives an upper bound: panels that keep all numbers are 16-bit where 16 bits hold each of them
     * @param out rows
     * @param in columns
     * @return bytes
     */
    public static long panels(DType type, long out, long in) {
        return panels(new PanelKernel.Matrix(0, PanelMatrix.held(type), 0, 0, out, in));
    }

    static long panels(PanelKernel.Matrix sizes) {
        return sizes.bytes() + sizes.scaleBytes();
    }

    /** Bytes of {@link PackedMatrix#int8}. */
    public static long int8(long out, long in, Device device) {
        return out * (in + (device.isCpu() ? FBGEMM_BESIDE_A_ROW : DType.BF16.bytes()));
    }

    /** Bytes of {@link PackedMatrix#int4}: half a byte for each weight, a scale and a zero in bfloat16 for each group. */
    public static long int4(long out, long in, int group) {
        return out * in / 2 + out * (in / group) * 2 * DType.BF16.bytes();
    }

    /** Bytes of {@link PackedMatrix#fp8}. */
    public static long fp8(long out, long in) {
        return out * (in * DType.F8.bytes() + DType.F32.bytes());
    }

    /** Bytes of {@link PackedMatrix#float32}. */
    public static long float32(long out, long in) {
        return out * in * DType.F32.bytes();
    }
}
