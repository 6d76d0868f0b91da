package io.github.moshivis.tensor;

import io.github.moshivis.kernel.MatrixKernels;
import io.github.moshivis.kernel.MatrixKernels.Numbers;

/** Tensors on the CPU as rows at an address. */
final class Layout {
    private Layout() {}

    /**
     * A tensor that {@link #of} can describe: itself where it can be had without a copy.
     *
     * @param x [.., in], floating
     * @return with the same numbers, in F32, BF16 or F16
     */
    static Tensor rows(Tensor x) {
        Tensor typed = x.dtype() == DType.BF16 ? x : x.to(DType.F32);
        return hasRows(typed) ? typed : typed.contiguous();
    }

    /** Returns whether rows are dense and follow each other at one distance. */
    private static boolean hasRows(Tensor x) {
        int last = x.dim() - 1;
        if (x.isContiguous()) {
            return true;
        }
        int larger = 0;
        for (int i = 0; i < last; i++) {
            larger += x.size(i) == 1 ? 0 : 1;
        }
        return larger <= 1 && (x.size(last) == 1 || x.stride(last) == 1);
    }

    /**
     * The rows of a tensor of {@link #rows}.
     *
     * @param x [.., in]
     * @return all rows
     */
    static MatrixKernels.Rows of(Tensor x) {
        int last = x.dim() - 1;
        long in = x.size(last);
        long count = in == 0 ? 0 : x.elements() / in;
        long stride = in;
        if (!x.isContiguous()) {
            for (int i = 0; i < last; i++) {
                stride = x.size(i) == 1 ? stride : x.stride(i);
            }
        }
        return new MatrixKernels.Rows(count == 0 ? 0 : x.address(), numbers(x.dtype()), Math.toIntExact(count), stride);
    }

    static Numbers numbers(DType dtype) {
        return switch (dtype) {
            case F32 -> Numbers.F32;
            case BF16 -> Numbers.BF16;
            default -> throw new IllegalArgumentException("Kernels read F32 and BF16, found " + dtype);
        };
    }
}
