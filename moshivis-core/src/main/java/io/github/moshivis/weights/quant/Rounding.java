package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.PackedMatrix.Int4Rows;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/** Rounds matrices to few bits, each weight to the nearest value there is. Works on some rows at a time, so that temporary memory stays small. */
final class Rounding {
    /** The largest 8-bit value: -128 is not used, so that scales are symmetric. */
    private static final double INT8_MAX = 127;

    /** The largest 4-bit value. */
    private static final double INT4_MAX = 15;

    /** The 4-bit value that stands for the zero of its group; the kernel's. */
    private static final double INT4_MIDDLE = 8;

    /** Numbers that are rounded at a time. */
    private static final long NUMBERS_AT_ONCE = 1 << 20;

    private Rounding() {}

    /** To 8 bits, by the largest magnitude of each row. */
    static PackedMatrix int8(MatrixRows matrix) {
        Tensor values = Tensor.empty(DType.I8, matrix.device(), matrix.out(), matrix.in());
        Tensor scales = Tensor.empty(DType.F32, matrix.device(), matrix.out(), 1);
        long atOnce = Math.max(1, NUMBERS_AT_ONCE / matrix.in());
        for (long first = 0; first < matrix.out(); first += atOnce) {
            try (Scope scope = Scope.open()) {
                long count = Math.min(atOnce, matrix.out() - first);
                Tensor rows = matrix.rows(first, count);
                Tensor scale = notZero(Ops.max(Ops.abs(rows), 1).mul(1 / INT8_MAX)); // [n, in] -> [n, 1]
                scales.narrow(0, first, count).copyFrom(scale);
                values.narrow(0, first, count).copyFrom(Ops.round(rows.div(scale)));
            }
        }
        return PackedMatrix.int8(values, scales.view(matrix.out()));
    }

    /** To 4 bits, by the smallest and largest number of each group. */
    static PackedMatrix int4(MatrixRows matrix, int group) {
        long groups = matrix.in() / group;
        return PackedMatrix.int4(
                matrix.out(),
                matrix.in(),
                group,
                (first, count) -> int4(matrix.rows(first, count).view(count, groups, group)),
                matrix.device());
    }

    /** [n, groups, group] -> rows; weights are rounded with scales and zeros as bfloat16 holds them. */
    private static Int4Rows int4(Tensor rows) {
        long count = rows.size(0);
        Tensor least = Ops.min(rows, 2); // -> [n, groups, 1]
        Tensor scales = notZero(asBf16(Ops.max(rows, 2).sub(least).mul(1 / INT4_MAX)));
        Tensor zeros = asBf16(least.add(scales.mul(INT4_MIDDLE)));
        Tensor values = Ops.clamp(Ops.round(rows.sub(zeros).div(scales).add(INT4_MIDDLE)), 0, INT4_MAX);
        return new Int4Rows(
                values.to(DType.I32).view(count, -1), scales.view(count, -1), zeros.view(count, -1)); // -> [n, in]
    }

    /** To the 4-bit values that a file has, with its scales; its zeros are moved to the kernel's place. */
    static PackedMatrix kept(GroupedWeights grouped) {
        return PackedMatrix.int4(
                grouped.values().size(0),
                grouped.values().size(1),
                grouped.group(),
                (first, count) -> kept(
                        grouped.values().narrow(0, first, count),
                        grouped.scales().narrow(0, first, count),
                        grouped.offsets().narrow(0, first, count)),
                grouped.values().device());
    }

    private static Int4Rows kept(Tensor values, Tensor scales, Tensor offsets) {
        return new Int4Rows(
                values.to(DType.I32),
                scales.to(DType.BF16),
                offsets.add(scales.mul(INT4_MIDDLE)).to(DType.BF16));
    }

    private static Tensor asBf16(Tensor x) {
        return x.to(DType.BF16).to(DType.F32);
    }

    private static Tensor notZero(Tensor scales) {
        return Ops.clampMin(scales, Float.MIN_NORMAL);
    }
}
