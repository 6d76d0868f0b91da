package io.github.moshivis.kernel;

/**
 * Products of some rows with a matrix, over plain addresses, by one instruction set. A row of the result does not depend on the other
 * rows, nor on how many there are. Stateless; {@link #instance} is that of {@link Kernels}.
 */
public final class MatrixKernels {
    /** Types of numbers at an address. */
    public enum Numbers {
        /** IEEE 754 single. */
        F32,
        /** bfloat16. */
        BF16,
        /** IEEE 754 half; only as what {@link #pack} reads. */
        F16
    }

    private final int set;

    /**
     * Kernels of an instruction set.
     *
     * @param set one of {@link Kernels#supported}
     */
    MatrixKernels(InstructionSet set) {
        if (!Kernels.supported().contains(set)) {
            throw new IllegalArgumentException("There are no kernels for " + set + " here: expected one of "
                    + Kernels.supported() + ". Choose one");
        }
        this.set = set.number();
    }

    private static final class Best {
        static final MatrixKernels KERNELS = new MatrixKernels(Kernels.instructionSet());
    }

    /**
     * The kernels in use.
     *
     * @return the kernels
     * @throws IllegalStateException if there are none
     */
    public static MatrixKernels instance() {
        return Best.KERNELS;
    }

    /**
     * Some rows of numbers.
     *
     * @param address of the first
     * @param type of the numbers
     * @param count how many rows
     * @param stride from a row to the next, in elements
     */
    public record Rows(long address, Numbers type, int count, long stride) {}

    /**
     * A packed matrix in memory.
     *
     * @param address aligned to 64 bytes
     * @param form its form
     * @param out rows
     * @param in columns
     */
    public record Packed(long address, PackedForm form, long out, long in) {
        /** Returns the number of blocks of {@value PackedForm#BLOCK_ROWS} rows. */
        public long blocks() {
            return (out + PackedForm.BLOCK_ROWS - 1) / PackedForm.BLOCK_ROWS;
        }

        /** Returns the size in bytes. */
        public long bytes() {
            return NativeCalls.packedBytes(form.bits(), form.group(), form.affine(), in, out);
        }

        /** Returns the address of a block. */
        long block(long block) {
            return address + block * (bytes() / blocks());
        }
    }

    /**
     * A matrix as it is, row by row without gaps.
     *
     * @param address of its first element
     * @param type F32 or BF16
     * @param bias F32 [out], its address; 0 for none
     * @param out rows
     * @param in columns
     */
    public record Dense(long address, Numbers type, long bias, long out, long in) {}

    /**
     * Memory for a packed matrix.
     *
     * @param bytes how much
     * @return its address, aligned to 64 bytes
     */
    public static long allocate(long bytes) {
        return MatrixMemory.allocate(bytes);
    }

    /** Frees memory of {@link #allocate}. */
    public static void release(long address) {
        MatrixMemory.release(address);
    }

    /**
     * Rounds rows into blocks: 4 bits in groups by the number of the largest magnitude, 8 bits by the largest magnitude of the group or
     * row.
     *
     * @param source rows of the matrix, whole blocks or its last
     * @param target takes them from a block on; its form is not affine
     * @param block the first block
     */
    public void pack(Rows source, Packed target, long block) {
        NativeCalls.packNumbers(
                set,
                target.form.bits(),
                target.form.group(),
                target.in,
                source.address,
                source.type.ordinal(),
                source.stride,
                source.count,
                target.block(block));
    }

    /**
     * Takes rows that were rounded before into blocks.
     *
     * @param values U8 [rows, in], unsigned whatever the bits
     * @param scales F32 [rows, in / group]
     * @param offsets F32 [rows, in / group]; not read if the form is not affine: then they are -8 or -128 times the scales
     * @param rows whole blocks, or the matrix's last
     * @param target takes them from a block on
     * @param block the first block
     */
    public void packGroups(long values, long scales, long offsets, long rows, Packed target, long block) {
        NativeCalls.packGroups(
                set,
                target.form.bits(),
                target.form.group(),
                target.form.affine(),
                target.in,
                values,
                scales,
                offsets,
                rows,
                target.block(block));
    }

    /** A product that is prepared: x has been rounded or laid out, and threads may compute parts. */
    @FunctionalInterface
    public interface Product {
        /**
         * Computes a part of the result; several threads may at once.
         *
         * @param from first block of a packed matrix, first row of a dense one
         * @param to after the last
         */
        void run(long from, long to);
    }

    /**
     * Prepares a product with a packed matrix: {@link #layOut} and {@link #product}.
     *
     * @param matrix the matrix
     * @param x F32 or BF16, matrix.in columns
     * @param y takes the result, matrix.out columns
     * @param stride from a row of y to the next
     * @param scratch at least {@link #scratchBytes}; in use until the product is done
     * @return the product
     */
    public Product prepare(Packed matrix, Rows x, long y, long stride, long scratch) {
        layOut(matrix, x, scratch);
        return product(matrix, x, y, stride, scratch);
    }

    /**
     * Rounds each row of x to 8 bits, with a scale for each 32 columns; a row that is not finite makes its results NaN.
     *
     * @param matrix the matrix
     * @param x F32 or BF16, matrix.in columns
     * @param scratch at least {@link #scratchBytes}
     */
    public void layOut(Packed matrix, Rows x, long scratch) {
        NativeCalls.quantize(set, x.address, x.type.ordinal(), x.stride, x.count, matrix.in, scratch);
    }

    /**
     * A product with a packed matrix.
     *
     * @param matrix the matrix
     * @param x what {@link #layOut} has laid out when the product is computed
     * @param y takes the result, matrix.out columns
     * @param stride from a row of y to the next
     * @param scratch where it was laid out
     * @return the product
     */
    public Product product(Packed matrix, Rows x, long y, long stride, long scratch) {
        PackedForm form = matrix.form;
        return (from, to) -> NativeCalls.multiplyPacked(
                set,
                form.bits(),
                form.group(),
                form.affine(),
                matrix.address,
                matrix.in,
                matrix.out,
                scratch,
                x.count,
                y,
                x.type.ordinal(),
                stride,
                from,
                to);
    }

    /**
     * Prepares a product with a matrix as it is.
     *
     * @param matrix the matrix
     * @param x of the matrix's type, matrix.in columns
     * @param y takes the result in the same type, matrix.out columns
     * @param stride from a row of y to the next
     * @param scratch at least {@link #scratchBytes}; in use until the product is done
     * @return the product
     */
    public Product prepare(Dense matrix, Rows x, long y, long stride, long scratch) {
        layOut(matrix, x, scratch);
        return product(matrix, x, y, stride, scratch);
    }

    /**
     * Lays the rows of x out for a product with a matrix as it is.
     *
     * @param matrix the matrix
     * @param x of the matrix's type, matrix.in columns
     * @param scratch at least {@link #scratchBytes}
     */
    public void layOut(Dense matrix, Rows x, long scratch) {
        NativeCalls.prepareDense(set, x.address, x.type.ordinal(), x.stride, x.count, matrix.in, scratch);
    }

    /**
     * A product with a matrix as it is.
     *
     * @param matrix the matrix
     * @param x what {@link #layOut} has laid out when the product is computed
     * @param y takes the result in the same type, matrix.out columns
     * @param stride from a row of y to the next
     * @param scratch where it was laid out
     * @return the product
     */
    public Product product(Dense matrix, Rows x, long y, long stride, long scratch) {
        return (from, to) -> NativeCalls.multiplyDense(
                set,
                matrix.address,
                matrix.type.ordinal(),
                scratch,
                x.count,
                matrix.bias,
                y,
                stride,
                matrix.in,
                matrix.out,
                from,
                to);
    }

    /** Bytes that a product needs beside its arguments. */
    public static long scratchBytes(int rows, long in) {
        return rows * Math.max(NativeCalls.activationBytes(in), NativeCalls.denseRowBytes(in));
    }
}
