package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/**
 * A matrix [out, in] as a file quantizes it: each row is cut into groups of {@code group} neighbors that share a scale and an
 * offset. Element (r, c) is {@code scales[r, c / group] * values[r, c] + offsets[r, c / group]}, computed in float32; no rounding but
 * float32's is between this and the file.
 *
 * <p>Values are never negative, whatever the file does: where its integers are signed (Q8_0), they have been shifted by half of their
 * range and the offset is {@code -128 * scale}, which is exact. Such symmetric groups are told by {@code offset == -2^(bits - 1) *
 * scale}.
 *
 * @param bits width of a value, 2 to 8
 * @param group neighbors in a row that share a scale; divides the row
 * @param values U8 [out, in], from 0 to {@code 2^bits - 1}, one in a byte whatever the width
 * @param scales F32 [out, in / group]
 * @param offsets F32 [out, in / group]
 */
public record GroupedWeights(int bits, int group, Tensor values, Tensor scales, Tensor offsets) {
    /**
     * Returns whether all offsets put zero into the middle of the values of a width, exactly. Seldom looks at more than the first row.
     *
     * @param scales F32 [out, in / group]
     * @param offsets F32 [out, in / group]
     * @param width bits, at least those of the values
     */
    public static boolean isSymmetric(Tensor scales, Tensor offsets, int width) {
        return isMiddle(scales.narrow(0, 0, 1), offsets.narrow(0, 0, 1), width) && isMiddle(scales, offsets, width);
    }

    private static boolean isMiddle(Tensor scales, Tensor offsets, int width) {
        try (Scope scope = Scope.open()) {
            return Ops.equal(offsets, scales.mul(-(1 << (width - 1))));
        }
    }

    /** Some of the rows. */
    GroupedWeights narrow(long first, long count) {
        return new GroupedWeights(
                bits,
                group,
                values.narrow(0, first, count),
                scales.narrow(0, first, count),
                offsets.narrow(0, first, count));
    }

    public GroupedWeights to(Device device) {
        return new GroupedWeights(bits, group, values.to(device), scales.to(device), offsets.to(device));
    }
}
