package io.github.moshivis.tensor;

import io.github.moshivis.kernel.MatrixKernels;
import io.github.moshivis.kernel.MatrixKernels.Numbers;
import io.github.moshivis.kernel.PanelKernel.Windows;

/** Tensors on the CPU as rows at an address. */
final class Layout {
    private Layout() {}

    /**
     * A tensor that {@link #of} can describe: itself where it can be had without a copy.
     *
     * @param x [.., in], floating
     * @return with the same numbers, in F32 or BF16
     */
    static Tensor rows(Tensor x) {
        return withRows(x.dtype() == DType.BF16 ? x : x.to(DType.F32), 1);
    }

    /**
     * A tensor that {@link #windowsOf} can describe: itself where it can be had without a copy.
     *
     * @param x [.., in], floating
     * @return with the same numbers, in F32
     */
    static Tensor windows(Tensor x) {
        return withRows(x.to(DType.F32), 2);
    }

    /** A tensor whose rows are dense and follow each other in at most as many strides as a kernel knows. */
    private static Tensor withRows(Tensor x, int strides) {
        if (x.isContiguous()) {
            return x;
        }
        int last = x.dim() - 1;
        int larger = 0;
        for (int i = 0; i < last; i++) {
            larger += x.size(i) == 1 ? 0 : 1;
        }
        boolean dense = x.size(last) == 1 || x.stride(last) == 1;
        return dense && larger <= strides ? x : x.contiguous();
    }

    /**
     * The rows of a tensor of {@link #rows}.
     *
     * @param x [.., in]
     * @return all rows
     */
    static MatrixKernels.Rows of(Tensor x) {
        Windows rows = windowsOf(x);
        return new MatrixKernels.Rows(
                rows.address(), numbers(x.dtype()), Math.toIntExact(rows.count()), rows.rowStride());
    }

    /**
     * The rows of a tensor of {@link #windows}, in batches where they follow each other in two strides.
     *
     * @param x [.., in]
     * @return all rows
     */
    static Windows windowsOf(Tensor x) {
        int last = x.dim() - 1;
        long in = x.size(last);
        long count = in == 0 ? 0 : x.elements() / in;
        long address = count == 0 ? 0 : x.address();
        if (x.isContiguous()) {
            return new Windows(address, 0, in, Math.max(1, count), count);
        }
        long batchStride = 0;
        long rowStride = in;
        long rows = 1;
        for (int i = 0; i < last; i++) {
            if (x.size(i) != 1) {
                batchStride = rowStride;
                rowStride = x.stride(i);
                rows = x.size(i);
            }
        }
        return new Windows(address, batchStride, rowStride, rows, count);
    }

    static Numbers numbers(DType dtype) {
        return switch (dtype) {
            case F32 -> Numbers.F32;
            case BF16 -> Numbers.BF16;
            default -> throw new IllegalArgumentException("Kernels read F32 and BF16, found " + dtype);
        };
    }
}
