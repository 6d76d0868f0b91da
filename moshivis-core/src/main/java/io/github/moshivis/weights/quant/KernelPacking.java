package io.github.moshivis.weights.quant;

import io.github.moshivis.kernel.PackedForm;
import io.github.moshivis.tensor.MatrixBytes;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Tensor;
import java.util.Optional;

/**
 * Packs a matrix for our own kernels, which take any size. What a file quantizes in groups keeps its values, scales and offsets where the
 * wanted form allows; everything else is rounded from plain numbers, symmetrically.
 */
final class KernelPacking {
    private KernelPacking() {}

    static Optional<Packing> of(MatrixForm form, Packing.Source matrix) {
        if (form.kind() == MatrixForm.Kind.AS_STORED && !matrix.isQuantized()
                || form.kind() == MatrixForm.Kind.INT4 && !PackedForm.hasGroup(form.group())) {
            return Optional.empty();
        }
        Optional<StoredGroups> groups = matrix.groups();
        return Optional.of(groups.filter(stored -> isWanted(form, stored))
                .map(stored -> kept(matrix, stored))
                .orElseGet(() -> rounded(target(form), matrix, groups)));
    }

    /** Returns whether a kernel can use the groups of the file as they are in the wanted form. */
    private static boolean isWanted(MatrixForm form, StoredGroups stored) {
        boolean fits = PackedForm.hasGroup(stored.group());
        return switch (form.kind()) {
            case INT4 -> fits && stored.bits() <= Packing.INT4_BITS && stored.group() == form.group();
            case INT8 -> fits && stored.bits() > Packing.INT4_BITS;
            case AS_STORED -> fits;
            case DENSE, LAID_OUT, LAID_OUT_BF16, LAID_OUT_INT8 -> false;
        };
    }

    private static PackedForm target(MatrixForm form) {
        return form.kind() == MatrixForm.Kind.INT4
                ? new PackedForm(Packing.INT4_BITS, form.group(), false)
                : PackedForm.INT8;
    }

    private static Packing rounded(PackedForm form, Packing.Source matrix, Optional<StoredGroups> groups) {
        long out = matrix.out();
        long in = matrix.in();
        return new Packing(MatrixBytes.kernels(form, out, in), () -> {
            if (groups.isPresent()) {
                return PackedMatrix.rounded(
                        form, out, in, MatrixRows.of(groups.get().read())::rows);
            }
            Tensor plain = matrix.plain();
            return PackedMatrix.rounded(form, out, in, (first, count) -> plain.narrow(0, first, count));
        });
    }

    private static Packing kept(Packing.Source matrix, StoredGroups stored) {
        int bits = stored.bits() <= Packing.INT4_BITS ? Packing.INT4_BITS : Byte.SIZE;
        PackedForm form = new PackedForm(bits, stored.group(), !stored.isSymmetric(bits));
        return new Packing(MatrixBytes.kernels(form, matrix.out(), matrix.in()), () -> {
            GroupedWeights weights = stored.read();
            return PackedMatrix.kept(form, matrix.out(), matrix.in(), (first, count) -> {
                GroupedWeights rows = weights.narrow(first, count);
                return new PackedMatrix.Groups(rows.values(), rows.scales(), rows.offsets());
            });
        });
    }
}
