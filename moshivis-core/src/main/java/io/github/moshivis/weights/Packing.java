package io.github.moshivis.weights;

import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Tensor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides how one matrix is packed. Values that a file quantises to 4 bits or fewer are kept where the product for 4 bits can hold them;
 * everything else is rounded from plain numbers. There is no product for 8-bit values in groups: they are rounded once more, to
 * 8 bits with a scale for each row.
 */
final class Packing {
    /** The widest values that the 4-bit product holds. */
    private static final int INT4_BITS = 4;

    private Packing() {}

    /**
     * Packs a matrix.
     *
     * @param form how
     * @param out its rows
     * @param in its columns
     * @param grouped the matrix as the file quantises it, if it does
     * @param plain the matrix as the file has it otherwise; asked at most once
     * @return the matrix in the open scope; empty if it stays dense
     */
    static Optional<PackedMatrix> of(
            MatrixForm form, long out, long in, Optional<GroupedWeights> grouped, Supplier<Tensor> plain) {
        Supplier<MatrixRows> rows = () -> grouped.map(MatrixRows::of).orElseGet(() -> MatrixRows.of(plain.get()));
        return switch (form.kind()) {
            case DENSE -> Optional.empty();
            case INT8 -> Optional.of(Rounding.int8(rows.get()));
            case INT4 -> int4(form.group(), out, in, grouped, rows);
            case AS_STORED ->
                grouped.map(stored -> fits(stored) ? Rounding.kept(stored) : Rounding.int8(MatrixRows.of(stored)));
        };
    }

    private static Optional<PackedMatrix> int4(
            int group, long out, long in, Optional<GroupedWeights> grouped, Supplier<MatrixRows> rows) {
        Optional<GroupedWeights> same = grouped.filter(stored -> stored.group() == group && fits(stored));
        if (same.isPresent()) {
            return same.map(Rounding::kept);
        }
        return PackedMatrix.fitsInt4(out, in, group) ? Optional.of(Rounding.int4(rows.get(), group)) : Optional.empty();
    }

    private static boolean fits(GroupedWeights stored) {
        return stored.bits() <= INT4_BITS
                && PackedMatrix.fitsInt4(
                        stored.values().size(0), stored.values().size(1), stored.group());
    }
}
