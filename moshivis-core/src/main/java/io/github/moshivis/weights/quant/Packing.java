package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Tensor;
import java.util.Optional;

/**
 * Decides how one matrix is packed: for our own kernels by {@link KernelPacking}, else for LibTorch's products. There, values that a file quantizes to 4 bits or fewer are kept where the product for 4 bits can hold them;
 * everything else is rounded from plain numbers. There is no product for 8-bit values in groups: they are rounded once more, to
 * 8 bits with a scale for each row.
 */
public final class Packing {
    /** The widest values that the 4-bit product holds. */
    private static final int INT4_BITS = 4;

    private Packing() {}

    /** A matrix that is there to be packed. */
    public interface Source {
        long out();

        long in();

        /** Returns the device that uses the matrix. */
        Device device();

        /** Returns whether a file has fewer bits of it than a floating type. */
        boolean isQuantized();

        /** The matrix as a file quantizes it, where that is in groups; in the open scope. */
        public Optional<GroupedWeights> grouped();

        /** The matrix in a floating type, in the open scope. */
        Tensor plain();
    }

    private record Plain(Tensor plain) implements Source {
        @Override
        public long out() {
            return plain.size(0);
        }

        @Override
        public long in() {
            return plain.size(1);
        }

        @Override
        public Device device() {
            return plain.device();
        }

        @Override
        public boolean isQuantized() {
            return false;
        }

        @Override
        public Optional<GroupedWeights> grouped() {
            return Optional.empty();
        }
    }

    /**
     * Packs a matrix.
     *
     * @param form how
     * @param matrix floating, [out, in]
     * @return the matrix, to be closed by the caller; empty if it stays as it is
     */
    public static Optional<PackedMatrix> of(MatrixForm form, Tensor matrix) {
        return of(form, new Plain(matrix));
    }

    public static Optional<PackedMatrix> of(MatrixForm form, Source matrix) {
        if (form.isQuantizing() && PackedMatrix.hasKernels(matrix.device())) {
            return KernelPacking.of(form, matrix);
        }
        return switch (form.kind()) {
            case DENSE -> Optional.empty();
            case LAID_OUT, LAID_OUT_BF16, LAID_OUT_INT8 -> laidOut(form, MatrixRows.of(matrix.plain()), null);
            case INT8 -> Optional.of(eightBits(rows(matrix, matrix.grouped())));
            case INT4 ->
                PackedMatrix.fitsInt4(matrix.out(), matrix.in(), form.group())
                        ? Optional.of(int4(matrix, form))
                        : Optional.empty();
            case AS_STORED -> matrix.isQuantized() ? Optional.of(asStored(matrix)) : Optional.empty();
        };
    }

    /**
     * Lays a matrix out for products with float32 numbers. LibTorch's layout is float32 whatever the form.
     *
     * @param form a laid-out form
     * @param rows the matrix
     * @param bias added to each row of a product, F32 [out], its memory needed as long as the matrix; null for none
     * @return the matrix, to be closed by the caller; empty if it stays as it is
     */
    public static Optional<PackedMatrix> laidOut(MatrixForm form, MatrixRows rows, Tensor bias) {
        if (PackedMatrix.hasKernels(rows.device())) {
            return Optional.of(PackedMatrix.panels(form.laidOutType(), rows.rows(0, rows.out()), bias));
        }
        if (!PackedMatrix.fitsFloat32(rows.out(), rows.in(), rows.device())) {
            return Optional.empty();
        }
        return Optional.of(PackedMatrix.shared(
                rows.out(),
                MatrixForm.LAID_OUT.bytes(rows.out() * rows.in(), 0),
                (first, count) -> PackedMatrix.float32(
                        rows.rows(first, count), bias == null ? null : bias.narrow(0, first, count))));
    }

    /** In floating point where a GPU has products for it: those for whole numbers are several times as slow there. */
    private static PackedMatrix eightBits(MatrixRows rows) {
        return PackedMatrix.fitsFp8(rows.out(), rows.in(), rows.device())
                ? PackedMatrix.fp8(rows.out(), rows.in(), rows::rows, rows.device())
                : int8(rows);
    }

    private static PackedMatrix int8(MatrixRows rows) {
        return PackedMatrix.shared(
                rows.out(), rows.out() * rows.in(), (first, count) -> Rounding.int8(rows.narrow(first, count)));
    }

    private static PackedMatrix int4(Source matrix, MatrixForm form) {
        Optional<GroupedWeights> grouped = matrix.grouped();
        Optional<GroupedWeights> same = grouped.filter(stored -> stored.group() == form.group() && fitsInt4(stored));
        if (same.isPresent()) {
            return kept(same.get());
        }
        MatrixRows rows = rows(matrix, grouped);
        return PackedMatrix.shared(
                rows.out(),
                form.bytes(rows.out() * rows.in(), 0),
                (first, count) -> Rounding.int4(rows.narrow(first, count), form.group()));
    }

    private static PackedMatrix asStored(Source matrix) {
        Optional<GroupedWeights> grouped = matrix.grouped();
        return grouped.isPresent() && fitsInt4(grouped.get()) ? kept(grouped.get()) : int8(rows(matrix, grouped));
    }

    private static PackedMatrix kept(GroupedWeights stored) {
        long out = stored.values().size(0);
        long bytes = MatrixForm.int4(stored.group()).bytes(stored.values().elements(), 0);
        return PackedMatrix.shared(out, bytes, (first, count) -> Rounding.kept(stored.narrow(first, count)));
    }

    private static MatrixRows rows(Source matrix, Optional<GroupedWeights> grouped) {
        return grouped.map(MatrixRows::of).orElseGet(() -> MatrixRows.of(matrix.plain()));
    }

    private static boolean fitsInt4(GroupedWeights stored) {
        return stored.bits() <= INT4_BITS
                && PackedMatrix.fitsInt4(
                        stored.values().size(0), stored.values().size(1), stored.group());
    }
}
