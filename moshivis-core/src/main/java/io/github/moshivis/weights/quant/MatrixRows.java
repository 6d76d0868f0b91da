package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Tensor;

/**
 * A matrix that is read as float32 numbers, some rows at a time, so that the whole matrix never exists as float32. Over tensors of the open
 * scope.
 *
 * @param out its rows
 * @param in its columns
 * @param device where its rows are
 * @param reader reads rows
 */
public record MatrixRows(long out, long in, Device device, Reader reader) {
    /** Reads rows. */
    @FunctionalInterface
    interface Reader {
        Tensor read(long first, long count);
    }

    /** The rows of a floating tensor [out, in]. */
    public static MatrixRows of(Tensor matrix) {
        return new MatrixRows(
                matrix.size(0), matrix.size(1), matrix.device(), (first, count) -> matrix.narrow(0, first, count)
                        .to(DType.F32));
    }

    /** The rows of a matrix that a file quantizes. */
    public static MatrixRows of(GroupedWeights grouped) {
        long out = grouped.values().size(0);
        long in = grouped.values().size(1);
        long groups = in / grouped.group();
        return new MatrixRows(out, in, grouped.values().device(), (first, count) -> {
            Tensor values =
                    grouped.values().narrow(0, first, count).to(DType.F32).view(count, groups, grouped.group());
            Tensor scales = grouped.scales().narrow(0, first, count).unsqueeze(2); // [n, groups] -> [n, groups, 1]
            Tensor offsets = grouped.offsets().narrow(0, first, count).unsqueeze(2);
            return values.mul(scales).add(offsets).view(count, in); // [n, groups, group] -> [n, in]
        });
    }

    /** The matrix of some rows. */
    MatrixRows narrow(long start, long length) {
        return new MatrixRows(length, in, device, (first, count) -> reader.read(start + first, count));
    }

    /** Some rows, F32 [count, in]. */
    Tensor rows(long first, long count) {
        return reader.read(first, count);
    }
}
