package io.github.moshivis.tensor;

import io.github.moshivis.kernel.MatrixKernels;
import io.github.moshivis.kernel.PackedForm;
import io.github.moshivis.kernel.Scratch;
import io.github.moshivis.tensor.KernelThreads.Operator;

/** Weights of few bits in the layout of our own kernels, on the CPU. Products read them once for all rows. */
final class NativeMatrix extends KernelMatrix {
    /** Numbers that a thread rounds at a time: they stay in its cache. */
    private static final long NUMBERS_AT_ONCE = 1 << 18;

    /** Smaller matrices, in bytes, are read sooner than another thread has begun. */
    private static final long SHARED = 1 << 17;

    private final MatrixKernels.Packed matrix;

    private NativeMatrix(PackedForm form, long out, long in) {
        super(out, in, MatrixBytes.kernels(form, out, in));
        matrix = new MatrixKernels.Packed(address(), form, out, in);
    }

    /** Packs some blocks of rows; called by several threads at once. */
    private interface Packing {
        void pack(NativeMatrix matrix, long row, long count);
    }

    private static NativeMatrix pack(PackedForm form, long out, long in, Packing packing) {
        NativeMatrix result = new NativeMatrix(form, out, in);
        long rows = Math.max(1, NUMBERS_AT_ONCE / in / PackedForm.BLOCK_ROWS) * PackedForm.BLOCK_ROWS;
        long chunks = (out + rows - 1) / rows;
        try {
            KernelThreads.split(chunks, (int) Math.min(16, chunks), (from, length) -> {
                for (long chunk = from; chunk < from + length; chunk++) {
                    try (Scope scope = Scope.open()) {
                        packing.pack(result, chunk * rows, Math.min(rows, out - chunk * rows));
                    }
                }
            });
            return result;
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        }
    }

    static NativeMatrix rounded(PackedForm form, long out, long in, RowSource source) {
        return pack(form, out, in, (target, row, count) -> {
            Tensor rows = Layout.rows(source.rows(row, count));
            MatrixKernels.instance().pack(Layout.of(rows), target.matrix, row / PackedForm.BLOCK_ROWS);
        });
    }

    static NativeMatrix kept(PackedForm form, long out, long in, GroupSource source) {
        return pack(form, out, in, (target, row, count) -> {
            Groups groups = source.rows(row, count);
            Tensor values = groups.values().contiguous();
            Tensor scales = groups.scales().to(DType.F32).contiguous();
            Tensor offsets = groups.offsets().to(DType.F32).contiguous();
            MatrixKernels.instance()
                    .packGroups(
                            values.address(),
                            scales.address(),
                            offsets.address(),
                            count,
                            target.matrix,
                            row / PackedForm.BLOCK_ROWS);
        });
    }

    @Override
    public Tensor multiply(Tensor x) {
        Tensor rows = Layout.rows(x);
        Tensor result = results(x, rows.dtype());
        MatrixKernels.Rows all = Layout.of(rows);
        if (all.count() > 0) {
            long scratch = Scratch.of(MatrixKernels.scratchBytes(all.count(), matrix.in()));
            MatrixKernels.Product product =
                    MatrixKernels.instance().prepare(matrix, all, result.address(), matrix.out(), scratch);
            KernelThreads.run(operator(product));
        }
        return result.to(x.dtype());
    }

    @Override
    public boolean isRecorded(DType dtype) {
        return dtype == DType.F32 || dtype == DType.BF16;
    }

    @Override
    public void record(KernelProgram program, Tensor x, Tensor y) {
        MatrixKernels.Rows rows = Layout.of(x);
        long scratch = program.scratch(rows.count(), matrix.in());
        MatrixKernels kernels = MatrixKernels.instance();
        program.multiply(
                () -> kernels.layOut(matrix, rows, scratch),
                operator(kernels.product(matrix, rows, y.address(), matrix.out(), scratch)));
    }

    private Operator operator(MatrixKernels.Product product) {
        return Operator.of(matrix.blocks(), (from, length) -> product.run(from, from + length), bytes() >= SHARED);
    }
}
