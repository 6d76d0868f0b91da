package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.MatrixKernels;
import io.github.moshivis.kernel.PanelKernel;
import io.github.moshivis.kernel.PanelKernel.Held;
import io.github.moshivis.kernel.PanelKernel.Windows;

/**
 * Weights in panels, for products of our own with float32 numbers on the CPU: of few rows at the speed of memory, of many at the speed of
 * computing. Rows may be windows that overlap, which are not copied.
 */
final class PanelMatrix implements PackedMatrix {
    /** Numbers that a thread lays out at a time: they stay in its cache. */
    private static final long NUMBERS_AT_ONCE = 1 << 18;

    /** Products of a part that are computed sooner than another thread has begun. */
    private static final long SHARED = 1 << 18;

    /** Smaller matrices, in bytes, are read by every thread for a part of the rows; of larger ones each thread reads a part for all rows. */
    private static final long LARGE = 1 << 18;

    /** Rows and panels that kernels take at a time. */
    private static final long ROWS = 12;

    private static final long PANELS = 4;

    private final PanelKernel.Matrix matrix;
    private final long bytes;
    private boolean closed;

    private PanelMatrix(Held held, Tensor bias, long out, long in) {
        PanelKernel.Matrix sizes = new PanelKernel.Matrix(0, held, 0, 0, out, in);
        long scaleBytes = held == Held.INT8 ? sizes.panels() * PanelKernel.PANEL_ROWS * Float.BYTES : 0;
        bytes = sizes.bytes() + scaleBytes;
        long address = MatrixKernels.allocate(bytes);
        matrix = new PanelKernel.Matrix(
                address,
                held,
                scaleBytes == 0 ? 0 : address + sizes.bytes(),
                bias == null ? 0 : bias.address(),
                out,
                in);
        NativeMemory.kept(bytes);
    }

    /** See {@link PackedMatrix#panels}. */
    static PanelMatrix pack(DType type, Tensor weight, Tensor bias) {
        Tensor source = weight.to(DType.F32).contiguous();
        PanelMatrix result = new PanelMatrix(held(type, source), bias, source.size(0), source.size(1));
        long in = Math.max(1, source.size(1));
        long rows = Math.max(1, NUMBERS_AT_ONCE / in / PanelKernel.PANEL_ROWS) * PanelKernel.PANEL_ROWS;
        long address = source.address();
        KernelThreads.run((source.size(0) + rows - 1) / rows, (from, length) -> {
            long first = from * rows;
            long count = Math.min(length * rows, source.size(0) - first);
            PanelKernel.pack(address + first * in * Float.BYTES, count, result.matrix, first);
        });
        return result;
    }

    private static Held held(DType type, Tensor source) {
        return switch (type) {
            case I8 -> Held.INT8;
            case BF16 -> Held.BF16;
            default -> isExact(source, DType.BF16) ? Held.BF16 : isExact(source, DType.F16) ? Held.F16 : Held.F32;
        };
    }

    /** Returns whether a type has all numbers; seldom looks at more than the first row. */
    private static boolean isExact(Tensor source, DType type) {
        Tensor first = source.narrow(0, 0, Math.min(1, source.size(0)));
        return Ops.equal(first, first.to(type).to(DType.F32))
                && Ops.equal(source, source.to(type).to(DType.F32));
    }

    @Override
    public Tensor multiply(Tensor x) {
        return multiply(x, Epilogue.NONE);
    }

    @Override
    public Tensor multiply(Tensor x, Epilogue epilogue) {
        if (closed) {
            throw new IllegalStateException("A packed matrix was used after it was closed");
        }
        Tensor floats = x.to(DType.F32);
        Tensor numbers = hasRows(floats) ? floats : floats.contiguous();
        long[] shape = x.shape();
        shape[shape.length - 1] = matrix.out();
        Tensor result = Tensor.empty(DType.F32, Device.CPU, shape); // [.., out]
        Windows rows = windows(numbers);
        if (rows.count() > 0) {
            Tensor residual = epilogue.residual() == null
                    ? null
                    : epilogue.residual().to(DType.F32).contiguous();
            PanelKernel.Finish finish = new PanelKernel.Finish(
                    epilogue.activation().kernel(),
                    epilogue.factors() == null ? 0 : epilogue.factors().address(),
                    residual == null ? 0 : residual.address());
            share(PanelKernel.prepare(Kernels.instructionSet(), matrix, rows, finish, result.address()), rows.count());
        }
        return result.to(x.dtype());
    }

    private void share(PanelKernel.Product product, long rows) {
        long panels = matrix.panels();
        if (rows * matrix.out() * matrix.in() < SHARED || KernelThreads.count() == 1) {
            product.run(0, rows, 0, panels);
        } else if (bytes < LARGE && rows > ROWS) {
            KernelThreads.run((rows + ROWS - 1) / ROWS, (from, length) -> {
                long to = Math.min(rows, (from + length) * ROWS);
                product.run(from * ROWS, to, 0, panels);
            });
        } else {
            KernelThreads.run((panels + PANELS - 1) / PANELS, (from, length) -> {
                long to = Math.min(panels, (from + length) * PANELS);
                product.run(0, rows, from * PANELS, to);
            });
        }
    }

    /** Returns whether rows are dense; [B, T, in] may have any strides between its rows. */
    private static boolean hasRows(Tensor x) {
        int last = x.dim() - 1;
        return x.isContiguous() || x.dim() == 3 && (x.size(last) == 1 || x.stride(last) == 1);
    }

    private static Windows windows(Tensor x) {
        int last = x.dim() - 1;
        long in = x.size(last);
        long count = in == 0 ? 0 : x.elements() / in;
        long address = count == 0 ? 0 : x.address();
        return x.isContiguous()
                ? new Windows(address, 0, in, Math.max(1, count), count)
                : new Windows(address, x.stride(0), x.stride(1), x.size(1), count);
    }

    @Override
    public long out() {
        return matrix.out();
    }

    @Override
    public long in() {
        return matrix.in();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            NativeMemory.released(bytes);
            MatrixKernels.release(matrix.address());
        }
    }
}
