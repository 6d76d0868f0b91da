package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.MatrixBytes;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Tensor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decision about one matrix: the packed form that holds it, made by sizes and stored form alone, before its numbers are read. Our own kernels
 * come first ({@link KernelPacking}), then LibTorch's products. There, values that a file quantizes to 4 bits or fewer are kept where the
 * product for 4 bits can hold them; everything else is rounded from plain numbers. There is no product for 8-bit values in groups: they are
 * rounded once more, to 8 bits with a scale for each row.
 *
 * @param bytes memory that the packed matrix takes; an upper bound for {@link MatrixForm#LAID_OUT} on the kernels, which hold numbers in 16
 *     bits where all of a matrix fit
 * @param packer reads the matrix and packs it
 */
public record Packing(long bytes, Supplier<PackedMatrix> packer) {
    /** The widest values of 4-bit products. */
    static final int INT4_BITS = 4;

    /** A matrix to be packed. */
    public interface Source {
        long out();

        long in();

        /** Returns the device that uses the matrix. */
        Device device();

        /** Returns whether a file has fewer bits of it than a floating type. */
        boolean isQuantized();

        /** The matrix as a file quantizes it, where that is in groups. */
        Optional<StoredGroups> groups();

        /** The matrix in a floating type, in the open scope. */
        Tensor plain();

        /** A matrix of numbers, floating [out, in]. */
        static Source of(Tensor matrix) {
            return of(matrix.size(0), matrix.size(1), matrix.device(), () -> matrix);
        }

        /**
         * A matrix of numbers that are read when they are needed.
         *
         * @param numbers floating [out, in] on the device, in the open scope
         */
        static Source of(long out, long in, Device device, Supplier<Tensor> numbers) {
            return new PlainSource(out, in, device, numbers);
        }
    }

    private record PlainSource(long out, long in, Device device, Supplier<Tensor> numbers) implements Source {
        @Override
        public boolean isQuantized() {
            return false;
        }

        @Override
        public Optional<StoredGroups> groups() {
            return Optional.empty();
        }

        @Override
        public Tensor plain() {
            return numbers.get();
        }
    }

    /**
     * Packs the matrix.
     *
     * @return the matrix, to be closed by the caller
     */
    public PackedMatrix pack() {
        return packer.get();
    }

    /**
     * Packs a matrix of numbers.
     *
     * @param form how
     * @param matrix floating, [out, in]
     * @return the matrix, to be closed by the caller; empty if it stays as it is
     */
    public static Optional<PackedMatrix> pack(MatrixForm form, Tensor matrix) {
        return of(form, Source.of(matrix)).map(Packing::pack);
    }

    /**
     * Decides on a matrix.
     *
     * @param form the wanted form
     * @param matrix the matrix
     * @return the decision; empty if the matrix stays as it is
     */
    public static Optional<Packing> of(MatrixForm form, Source matrix) {
        if (form.isQuantizing() && PackedMatrix.hasKernels(matrix.device())) {
            return KernelPacking.of(form, matrix);
        }
        return switch (form.kind()) {
            case DENSE -> Optional.empty();
            case LAID_OUT, LAID_OUT_BF16, LAID_OUT_INT8 -> laidOut(form, matrix, null);
            case INT8 -> Optional.of(eightBits(matrix));
            case INT4 ->
                PackedMatrix.fitsInt4(matrix.out(), matrix.in(), form.group())
                        ? Optional.of(int4(matrix, form.group()))
                        : Optional.empty();
            case AS_STORED -> matrix.isQuantized() ? Optional.of(asStored(matrix)) : Optional.empty();
        };
    }

    /**
     * Decides on the layout of a matrix for products with float32 numbers. LibTorch's layout is float32 whatever the form.
     *
     * @param form a laid-out form
     * @param matrix the matrix
     * @param bias added to each row of a product, F32 [out], its memory needed as long as the matrix; null for none
     * @return the decision; empty if the matrix stays as it is
     */
    public static Optional<Packing> laidOut(MatrixForm form, Source matrix, Tensor bias) {
        long out = matrix.out();
        long in = matrix.in();
        if (PackedMatrix.hasKernels(matrix.device())) {
            return Optional.of(new Packing(
                    MatrixBytes.panels(form.laidOutType(), out, in),
                    () -> PackedMatrix.panels(
                            form.laidOutType(), MatrixRows.of(matrix.plain()).rows(0, out), bias)));
        }
        if (!PackedMatrix.fitsFloat32(out, in, matrix.device())) {
            return Optional.empty();
        }
        return Optional.of(shared(MatrixBytes.float32(out, in), () -> MatrixRows.of(matrix.plain()), (rows, first) -> {
            Tensor added = bias == null ? null : bias.narrow(0, first, rows.out());
            return PackedMatrix.float32(rows.rows(0, rows.out()), added);
        }));
    }

    /** Makes the matrix of some rows, of which the first is given. */
    private interface Packer {
        PackedMatrix pack(MatrixRows rows, long first);
    }

    /** A matrix whose parts threads pack and multiply together. */
    private static Packing shared(long bytes, Supplier<MatrixRows> matrix, Packer packer) {
        return new Packing(bytes, () -> {
            MatrixRows rows = matrix.get();
            return PackedMatrix.shared(
                    rows.out(), bytes, (first, count) -> packer.pack(rows.narrow(first, count), first));
        });
    }

    /** In floating point where a GPU has products for it: those for whole numbers are several times as slow there. */
    private static Packing eightBits(Source matrix) {
        long out = matrix.out();
        long in = matrix.in();
        return PackedMatrix.fitsFp8(out, in, matrix.device())
                ? new Packing(
                        MatrixBytes.fp8(out, in), () -> PackedMatrix.fp8(out, in, rows(matrix)::rows, matrix.device()))
                : int8(matrix);
    }

    private static Packing int8(Source matrix) {
        return shared(
                MatrixBytes.int8(matrix.out(), matrix.in(), matrix.device()),
                () -> rows(matrix),
                (rows, first) -> Rounding.int8(rows));
    }

    private static Packing int4(Source matrix, int group) {
        Optional<StoredGroups> same =
                matrix.groups().filter(stored -> stored.group() == group && fitsInt4(matrix, stored));
        return same.map(stored -> kept(matrix, stored))
                .orElseGet(() -> shared(
                        MatrixBytes.int4(matrix.out(), matrix.in(), group),
                        () -> rows(matrix),
                        (rows, first) -> Rounding.int4(rows, group)));
    }

    private static Packing asStored(Source matrix) {
        return matrix.groups()
                .filter(stored -> fitsInt4(matrix, stored))
                .map(stored -> kept(matrix, stored))
                .orElseGet(() -> int8(matrix));
    }

    private static Packing kept(Source matrix, StoredGroups stored) {
        long bytes = MatrixBytes.int4(matrix.out(), matrix.in(), stored.group());
        return new Packing(bytes, () -> {
            GroupedWeights weights = stored.read();
            return PackedMatrix.shared(
                    matrix.out(), bytes, (first, count) -> Rounding.kept(weights.narrow(first, count)));
        });
    }

    private static MatrixRows rows(Source matrix) {
        return matrix.groups()
                .map(stored -> MatrixRows.of(stored.read()))
                .orElseGet(() -> MatrixRows.of(matrix.plain()));
    }

    private static boolean fitsInt4(Source matrix, StoredGroups stored) {
        return stored.bits() <= INT4_BITS && PackedMatrix.fitsInt4(matrix.out(), matrix.in(), stored.group());
    }
}
