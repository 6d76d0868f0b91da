package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.PackedForm;

/**
 * A matrix laid out for the kernel that multiplies with it, most of them in few bits a weight. It lives until it is closed, whatever
 * scope it was made in. Immutable; may be used by several threads.
 */
public interface PackedMatrix extends AutoCloseable {
    /**
     * Returns whether matrices can be packed for the native kernels, see {@link #rounded} and {@link #kept}; the others are LibTorch's.
     *
     * @param device where products are to be computed
     * @return whether
     */
    static boolean hasKernels(Device device) {
        return device.isCpu() && Kernels.available();
    }

    /**
     * Rounds a matrix for our own kernels, its rows shared by the calling thread's {@link KernelThreads}.
     *
     * @param form not affine
     * @param out rows
     * @param in columns
     * @param source asked for all rows, some at a time, by several threads
     * @return the matrix
     */
    static PackedMatrix rounded(PackedForm form, long out, long in, RowSource source) {
        return NativeMatrix.rounded(form, out, in, source);
    }

    /**
     * Takes a matrix that was rounded before to our own kernels, without a second rounding.
     *
     * @param form with groups
     * @param out rows
     * @param in columns, whole groups
     * @param source asked for all rows, some at a time, by several threads
     * @return the matrix
     */
    static PackedMatrix kept(PackedForm form, long out, long in, GroupSource source) {
        return NativeMatrix.kept(form, out, in, source);
    }

    /** Rows of a matrix of numbers. */
    @FunctionalInterface
    interface RowSource {
        /**
         * Some rows.
         *
         * @param first the first row
         * @param count how many
         * @return floating [count, in] on the CPU, in the open scope
         */
        Tensor rows(long first, long count);
    }

    /** Rows of a matrix in groups. */
    @FunctionalInterface
    interface GroupSource {
        /**
         * Some rows.
         *
         * @param first the first row
         * @param count how many
         * @return the rows on the CPU, in the open scope
         */
        Groups rows(long first, long count);
    }

    /**
     * Rows of a matrix in groups: weights are {@code scales * values + offsets}.
     *
     * @param values U8 [n, in]
     * @param scales floating [n, in / group]
     * @param offsets floating [n, in / group]; where the form is not affine, -8 or -128 times the scales
     */
    record Groups(Tensor values, Tensor scales, Tensor offsets) {}

    /**
     * Lays out a matrix of 8-bit weights {@code scales[r] * values[r, c]}. On the CPU products are FBGEMM's, which rounds the vector
     * to 8 bits as well, with one scale for each vector; on other devices they are LibTorch's weight-only ones.
     *
     * @param values I8 [out, in]; not needed afterwards
     * @param scales F32 [out]; not needed afterwards
     * @return the matrix
     * @throws io.github.moshivis.errors.NativeException if LibTorch has no such product for the device
     */
    static PackedMatrix int8(Tensor values, Tensor scales) {
        return values.device().isCpu() ? FbgemmMatrix.pack(values, scales) : WeightOnlyMatrix.int8(values, scales);
    }

    /**
     * Returns whether there is a product for 4-bit weights of these sizes.
     *
     * @param out rows
     * @param in columns
     * @param group neighbors in a row that share a scale
     * @return whether {@link #int4} takes them
     */
    static boolean fitsInt4(long out, long in, int group) {
        return WeightOnlyMatrix.GROUPS.contains(group)
                && in % Math.max(group, WeightOnlyMatrix.COLUMNS) == 0
                && out % WeightOnlyMatrix.ROWS == 0;
    }

    /**
     * Lays out a matrix of 4-bit weights {@code scales[r, g] * (values[r, c] - 8) + zeros[r, g]}, g being {@code c / group}. Products
     * are LibTorch's weight-only ones and computed in bfloat16.
     *
     * @param out rows
     * @param in columns
     * @param group neighbors in a row that share a scale; see {@link #fitsInt4}
     * @param source asked for all rows, in order
     * @param device where the rows are
     * @return the matrix
     * @throws io.github.moshivis.errors.NativeException if LibTorch has no such product for the device
     */
    static PackedMatrix int4(long out, long in, int group, Int4Source source, Device device) {
        if (!fitsInt4(out, in, group)) {
            throw new IllegalArgumentException("A matrix [" + out + ", " + in + "] in groups of " + group
                    + " has no 4-bit product; ask fitsInt4 first, and leave it as it is");
        }
        return WeightOnlyMatrix.int4(out, in, group, source, device);
    }

    /**
     * Returns whether there is a product for 8-bit floating point: on NVIDIA GPUs of compute capability 8.9 and more.
     *
     * @param out rows
     * @param in columns
     * @param device where products are to be computed
     * @return whether {@link #fp8} takes them
     */
    static boolean fitsFp8(long out, long in, Device device) {
        return Fp8Matrix.fits(out, in, device);
    }

    /**
     * Rounds a matrix to 8 bits in floating point with a scale for each row; products round vectors alike. See {@link #fitsFp8}.
     *
     * @param out rows
     * @param in columns
     * @param source asked for all rows, some at a time
     * @param device where the rows are
     * @return the matrix
     */
    static PackedMatrix fp8(long out, long in, RowSource source, Device device) {
        return Fp8Matrix.pack(out, in, source, device);
    }

    /**
     * Lays out a matrix for products of our own kernels with float32 numbers. See {@link #hasKernels}.
     *
     * @param type BF16 and I8 (with a scale for each row) round the weights; F32 keeps their values, in as few bits as hold all of them
     * @param weight floating [out, in] on the CPU; not needed afterwards
     * @param bias F32 [out], added to each row of a product; null for none; its memory is needed as long as the matrix
     * @return the matrix
     */
    static PackedMatrix panels(DType type, Tensor weight, Tensor bias) {
        return PanelMatrix.pack(type, weight, bias);
    }

    /**
     * Returns whether a float32 product gains by a packed layout: on the CPU, where this LibTorch has oneDNN, for matrices that are worth
     * the call.
     *
     * @param out rows
     * @param in columns
     * @param device where the rows are
     * @return whether {@link #float32} is to be used
     */
    static boolean fitsFloat32(long out, long in, Device device) {
        return device.isCpu() && out * in * DType.F32.bytes() >= OneDnnMatrix.MIN_BYTES && OneDnnMatrix.isAvailable();
    }

    /**
     * Lays out a matrix of float32 weights, for products of few rows above all. See {@link #fitsFloat32}.
     *
     * @param weight F32 [out, in] on the CPU; not needed afterwards
     * @param bias F32 [out], added to each row of a product; null for none; its memory is needed as long as the matrix
     * @return the matrix
     */
    static PackedMatrix float32(Tensor weight, Tensor bias) {
        return OneDnnMatrix.pack(weight, bias);
    }

    /** Some rows of a matrix at a time: unpacked, all of them take more memory than what they were made from. */
    @FunctionalInterface
    interface Int4Source {
        /**
         * Some rows.
         *
         * @param first the first row
         * @param count how many
         * @return the rows, in the open scope
         */
        Int4Rows rows(long first, long count);
    }

    /**
     * Rows of a matrix of 4-bit weights.
     *
     * @param values I32 [n, in], each from 0 to 15
     * @param scales [n, in / group], rounded to bfloat16 where it is not
     * @param zeros [n, in / group], rounded to bfloat16 where it is not
     */
    record Int4Rows(Tensor values, Tensor scales, Tensor zeros) {}

    /** Makes the matrix of some rows. */
    @FunctionalInterface
    interface Packer {
        /**
         * Packs rows; called by several threads at once.
         *
         * @param first the first row
         * @param count how many
         * @return their matrix
         */
        PackedMatrix pack(long first, long count);
    }

    /**
     * A matrix in parts of some rows each, which the calling thread's {@link KernelThreads} pack and multiply together.
     *
     * @param out rows of the whole
     * @param bytes about what the whole takes; small matrices are not worth sharing
     * @param packer makes a part
     * @return the whole
     */
    static PackedMatrix shared(long out, long bytes, Packer packer) {
        return SharedMatrix.pack(out, bytes, packer);
    }

    /**
     * Multiplies.
     *
     * @param x [.., in], floating
     * @return [.., out] in the type of x. A row does not depend on the others' numbers; it may depend, by the rounding of the kernel, on
     *     how many there are
     */
    Tensor multiply(Tensor x);

    /**
     * Multiplies, and applies what follows: in the same pass where the kernel can.
     *
     * @param x [.., in], floating
     * @param epilogue what follows
     * @return [.., out] in the type of x
     */
    default Tensor multiply(Tensor x, Epilogue epilogue) {
        return epilogue.apply(multiply(x));
    }

    /** Returns whether {@link #record} takes products with x of a type. */
    default boolean isRecorded(DType dtype) {
        return false;
    }

    /**
     * Appends a product to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x [.., in], contiguous
     * @param y [.., out] in the type of x, takes the result
     */
    default void record(KernelProgram program, Tensor x, Tensor y) {
        record(program, x, y, Epilogue.NONE);
    }

    /** Returns whether a program's products have epilogues. */
    default boolean recordsEpilogues() {
        return false;
    }

    /**
     * Appends a product and what follows to a program, where {@link #isRecorded} and {@link #recordsEpilogues} allow.
     *
     * @param program takes it
     * @param x [.., in], contiguous or [B, T, in] windows
     * @param y [.., out] contiguous, takes the result
     * @param epilogue what follows; its residual may be y
     */
    default void record(KernelProgram program, Tensor x, Tensor y, Epilogue epilogue) {
        throw new UnsupportedOperationException("A matrix without kernels was recorded");
    }

    /** Returns the number of rows: the results of a product. */
    long out();

    /** Returns the number of columns: the elements of a vector. */
    long in();

    /** The memory that the matrix takes. */
    long bytes();

    /** Frees the matrix. Idempotent. */
    @Override
    void close();
}
