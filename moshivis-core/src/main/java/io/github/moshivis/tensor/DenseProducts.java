package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.MatrixKernels;
import io.github.moshivis.kernel.Scratch;
import io.github.moshivis.tensor.KernelThreads.Operator;

/** Products of few rows with a matrix as it is, by our own kernels: float32 and bfloat16 on the CPU. */
public final class DenseProducts {
    /** More rows are multiplied faster by what keeps blocks of a matrix in registers. */
    private static final long MAX_ROWS = 32;

    /** Smaller matrices, in bytes, are read sooner than another thread has begun. */
    private static final long SHARED = 1 << 17;

    private DenseProducts() {}

    /**
     * Returns whether there is a kernel for a product.
     *
     * @param weight [out, in]
     * @param x [.., in]
     * @return whether {@link #multiply} takes them
     */
    public static boolean fits(Tensor weight, Tensor x) {
        return x.elements() <= MAX_ROWS * weight.size(1)
                && weight.dtype() == x.dtype()
                && (x.dtype() == DType.F32 || x.dtype() == DType.BF16)
                && weight.device().isCpu()
                && weight.isContiguous()
                && Kernels.available();
    }

    /**
     * Multiplies; bfloat16 products are summed in float32 and rounded once.
     *
     * @param weight [out, in]
     * @param bias F32 or weight's type [out]; null for none
     * @param x [.., in]
     * @return [.., out]
     */
    public static Tensor multiply(Tensor weight, Tensor bias, Tensor x) {
        Tensor rows = Layout.rows(x);
        long out = weight.size(0);
        Tensor result = Tensor.empty(x.dtype(), Device.CPU, x.shapeWithLast(out));
        MatrixKernels.Rows all = Layout.of(rows);
        if (all.count() == 0) {
            return result;
        }
        Tensor added = bias == null ? null : bias.to(DType.F32).contiguous();
        MatrixKernels.Dense matrix = matrix(weight, added);
        long scratch = Scratch.of(MatrixKernels.scratchBytes(all.count(), weight.size(1)));
        MatrixKernels.Product product = MatrixKernels.instance().prepare(matrix, all, result.address(), out, scratch);
        KernelThreads.run(operator(weight, product));
        return result;
    }

    /**
     * Returns whether a program can have products with a matrix.
     *
     * @param weight [out, in]
     * @param bias [out]; null for none
     * @param dtype of x
     * @param rows of x
     * @return whether {@link #record} takes them
     */
    public static boolean isRecorded(Tensor weight, Tensor bias, DType dtype, long rows) {
        return weight.dtype() == dtype
                && (bias == null || bias.dtype() == DType.F32 && bias.isContiguous())
                && (dtype == DType.F32 || dtype == DType.BF16)
                && rows <= MAX_ROWS
                && weight.device().isCpu()
                && weight.isContiguous();
    }

    /**
     * Appends a product to a program.
     *
     * @param program takes it
     * @param weight [out, in]
     * @param bias F32 [out]; null for none
     * @param x [.., in], contiguous
     * @param y [.., out], takes the result
     */
    public static void record(KernelProgram program, Tensor weight, Tensor bias, Tensor x, Tensor y) {
        MatrixKernels.Rows rows = Layout.of(x);
        long scratch = program.scratch(rows.count(), weight.size(1));
        MatrixKernels.Dense matrix = matrix(weight, bias);
        MatrixKernels kernels = MatrixKernels.instance();
        program.multiply(
                () -> kernels.layOut(matrix, rows, scratch),
                operator(weight, kernels.product(matrix, rows, y.address(), weight.size(0), scratch)));
    }

    private static MatrixKernels.Dense matrix(Tensor weight, Tensor bias) {
        return new MatrixKernels.Dense(
                weight.address(),
                Layout.numbers(weight.dtype()),
                bias == null ? 0 : bias.address(),
                weight.size(0),
                weight.size(1));
    }

    private static Operator operator(Tensor weight, MatrixKernels.Product product) {
        return Operator.of(
                weight.size(0), (from, length) -> product.run(from, from + length), weight.bytes() >= SHARED);
    }
}
