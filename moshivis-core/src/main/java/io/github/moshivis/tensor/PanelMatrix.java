package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.PanelKernel;
import io.github.moshivis.kernel.PanelKernel.Held;
import io.github.moshivis.kernel.PanelKernel.Windows;
import io.github.moshivis.tensor.KernelThreads.Operator;

/**
 * Weights in panels, for products of our own with float32 numbers on the CPU: of few rows at the speed of memory, of many at the speed of
 * computing. Rows may be windows that overlap, which are not copied.
 */
final class PanelMatrix extends KernelMatrix {
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

    private PanelMatrix(PanelKernel.Matrix sizes, Tensor bias) {
        super(sizes.out(), sizes.in(), MatrixBytes.panels(sizes));
        matrix = new PanelKernel.Matrix(
                address(),
                sizes.held(),
                sizes.scaleBytes() == 0 ? 0 : address() + sizes.bytes(),
                bias == null ? 0 : bias.address(),
                sizes.out(),
                sizes.in());
    }

    /** See {@link PackedMatrix#panels}. */
    static PanelMatrix pack(DType type, Tensor weight, Tensor bias) {
        Tensor source = weight.to(DType.F32).contiguous();
        PanelMatrix result = new PanelMatrix(
                new PanelKernel.Matrix(0, held(type, source), 0, 0, source.size(0), source.size(1)), bias);
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

    /** The type of panels, whatever their numbers. */
    static Held held(DType type) {
        return switch (type) {
            case I8 -> Held.INT8;
            case BF16 -> Held.BF16;
            default -> Held.F32;
        };
    }

    private static Held held(DType type, Tensor source) {
        if (held(type) != Held.F32) {
            return held(type);
        }
        return isExact(source, DType.BF16) ? Held.BF16 : isExact(source, DType.F16) ? Held.F16 : Held.F32;
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
        Tensor numbers = Layout.windows(x);
        Tensor result = results(x, DType.F32);
        Windows rows = Layout.windowsOf(numbers);
        if (rows.count() > 0) {
            Tensor residual = epilogue.residual() == null
                    ? null
                    : epilogue.residual().to(DType.F32).contiguous();
            KernelThreads.run(operator(rows, epilogue, residual, result));
        }
        return result.to(x.dtype());
    }

    @Override
    public boolean isRecorded(DType dtype) {
        return dtype == DType.F32;
    }

    @Override
    public boolean recordsEpilogues() {
        return true;
    }

    @Override
    public void record(KernelProgram program, Tensor x, Tensor y, Epilogue epilogue) {
        program.append(operator(Layout.windowsOf(x), epilogue, epilogue.residual(), y));
    }

    /** A product as threads share it: by rows or by panels. residual: that of the epilogue, F32, contiguous. */
    private Operator operator(Windows x, Epilogue epilogue, Tensor residual, Tensor y) {
        PanelKernel.Finish finish = new PanelKernel.Finish(
                epilogue.activation().kernel(),
                epilogue.factors() == null ? 0 : epilogue.factors().address(),
                residual == null ? 0 : residual.address());
        PanelKernel.Product product = PanelKernel.prepare(Kernels.instructionSet(), matrix, x, finish, y.address());
        long rows = x.count();
        long panels = matrix.panels();
        if (rows * matrix.out() * matrix.in() < SHARED) {
            return new Operator(1, (from, length) -> product.run(0, rows, 0, panels));
        }
        if (bytes() < LARGE && rows > ROWS) {
            return new Operator((rows + ROWS - 1) / ROWS, (from, length) -> {
                long to = Math.min(rows, (from + length) * ROWS);
                product.run(from * ROWS, to, 0, panels);
            });
        }
        return new Operator((panels + PANELS - 1) / PANELS, (from, length) -> {
            long to = Math.min(panels, (from + length) * PANELS);
            product.run(0, rows, from * PANELS, to);
        });
    }
}
