package io.github.moshivis.tensor;

import io.github.moshivis.kernel.MatrixKernels;

/** A matrix in memory that a layout of our own kernels takes, on the CPU: its sizes, its owner, and results of products. */
abstract sealed class KernelMatrix implements PackedMatrix permits NativeMatrix, PanelMatrix {
    private final long address;
    private final long bytes;
    private final long out;
    private final long in;
    private boolean closed;

    /** Allocates the memory, which {@link #close} frees. */
    KernelMatrix(long bytes, long out, long in) {
        this.bytes = bytes;
        this.out = out;
        this.in = in;
        address = MatrixKernels.allocate(bytes);
        NativeMemory.kept(bytes);
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
        if (closed) {
            throw new IllegalStateException("A packed matrix was used after it was closed");
        }
        return Tensor.empty(dtype, Device.CPU, x.shapeWithLast(out));
    }

    @Override
    public final long out() {
        return out;
    }

    @Override
    public final long in() {
        return in;
    }

    @Override
    public final long bytes() {
        return bytes;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            NativeMemory.released(bytes);
            MatrixKernels.release(address);
        }
    }
}
