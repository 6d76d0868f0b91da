package io.github.moshivis.tensor;

import io.github.moshivis.kernel.MatrixKernels;

/** A matrix in the memory of a layout of our own kernels, on the CPU, and the results of its products. */
abstract sealed class KernelMatrix extends CountedMatrix permits NativeMatrix, PanelMatrix {
    private final long address;

    KernelMatrix(long out, long in, long bytes) {
        this(out, in, bytes, MatrixKernels.allocate(bytes));
    }

    private KernelMatrix(long out, long in, long bytes, long address) {
        super(out, in, bytes);
        this.address = address;
    }

    final long address() {
        return address;
    }

    /**
     * Allocates the results of a product.
     *
     * @param x [.., in]
     * @param dtype of the results
     * @return [.., out]
     * @throws IllegalStateException if the matrix is closed
     */
    final Tensor results(Tensor x, DType dtype) {
        if (isClosed()) {
            throw new IllegalStateException("A packed matrix was used after it was closed");
        }
        return Tensor.empty(dtype, Device.CPU, x.shapeWithLast(out()));
    }

    @Override
    final void free() {
        MatrixKernels.release(address);
    }
}
