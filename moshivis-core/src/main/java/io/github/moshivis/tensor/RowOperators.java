package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.RowKernel;

/**
 * Operators on the rows of a tensor by our own kernels: float32 and bfloat16 on the CPU, computed in float32 and rounded once. They
 * have no gradients, so none fits in a {@linkplain Scope#openDifferentiable() scope for training}.
 */
public final class RowOperators {
    /** Norms over the last dimension. */
    public enum Norm {
        /** x * weight / sqrt(mean of squares + epsilon). */
        MEAN_OF_SQUARES,
        /** x * weight / sqrt(unbiased variance + epsilon). */
        VARIANCE,
        /** (x - mean) * weight / sqrt(variance + epsilon) + bias. */
        LAYER;

        private final RowKernel.Norm kernel = RowKernel.Norm.valueOf(name());
    }

    private RowOperators() {}

    /**
     * Returns whether there are kernels for the rows of a tensor.
     *
     * @param x [.., D]
     * @return whether the other methods take it
     */
    public static boolean fit(Tensor x) {
        return isKnown(x) && isUsable() && x.isContiguous();
    }

    private static boolean isUsable() {
        return Kernels.available() && !Scope.isDifferentiable();
    }

    private static boolean isKnown(Tensor x) {
        return (x.dtype() == DType.F32 || x.dtype() == DType.BF16) && x.device().isCpu();
    }

    /**
     * Normalizes over the last dimension.
     *
     * @param norm which norm
     * @param x [.., D], see {@link #fit}
     * @param weight [D], floating
     * @param bias [D] in the type of weight; null for none
     * @param epsilon added under the root
     * @return [.., D] in the type of x
     */
    public static Tensor normalize(Norm norm, Tensor x, Tensor weight, Tensor bias, double epsilon) {
        Tensor result = Tensor.empty(x.dtype(), Device.CPU, x.shape());
        Tensor scales = isKnown(weight) ? weight : weight.to(DType.F32);
        Tensor shifts = bias == null ? null : bias.to(scales.dtype());
        RowKernel.normalize(
                Kernels.instructionSet(),
                new RowKernel.Weights(
                        norm.kernel,
                        epsilon,
                        scales.address(),
                        shifts == null ? 0 : shifts.address(),
                        Layout.numbers(scales.dtype()),
                        x.size(-1)),
                Layout.of(x),
                result.address());
        return result;
    }

    /**
     * Computes silu(a) * b.
     *
     * @param both [.., 2F], a and b, see {@link #fit}
     * @return [.., F]
     */
    public static Tensor gate(Tensor both) {
        long hidden = both.size(-1) / 2;
        Tensor result = Tensor.empty(both.dtype(), Device.CPU, both.shapeWithLast(hidden));
        RowKernel.gate(Kernels.instructionSet(), Layout.of(both), hidden, result.address());
        return result;
    }

    /**
     * Adds {@code x * sigmoid(gates + shift)} to a tensor in place.
     *
     * @param y [.., D], see {@link #fit}
     * @param x [.., D] in the type of y
     * @param gates [.., D] in the type of y
     * @param shift added to the gates
     * @param used rows of y that anything is added to, BOOL, one element for each; null if all
     * @return the means of the sigmoids, [.., 1] in the type of y, zero in rows that are not used
     */
    public static Tensor addGated(Tensor y, Tensor x, Tensor gates, double shift, Tensor used) {
        long dim = y.size(-1);
        Tensor means = Tensor.empty(y.dtype(), Device.CPU, y.shapeWithLast(1));
        Tensor summands = x.contiguous();
        Tensor open = gates.contiguous();
        Tensor rows = used == null ? null : used.contiguous();
        RowKernel.addGated(
                Kernels.instructionSet(),
                new RowKernel.GatedSum(
                        open.address(),
                        shift,
                        summands.address(),
                        rows == null ? 0 : rows.address(),
                        Layout.numbers(y.dtype()),
                        means.elements(),
                        dim),
                y.address(),
                means.address());
        return means;
    }

    /**
     * Returns whether there is a kernel for a table.
     *
     * @param table [entries, D]
     * @return whether {@link #lookUp} takes it
     */
    public static boolean fitTable(Tensor table) {
        return table.device().isCpu() && isUsable() && table.isContiguous();
    }

    /**
     * Copies rows of a table.
     *
     * @param table [entries, D] of any type, see {@link #fitTable}
     * @param ids I64 [n]; a negative one gives zeros
     * @return [n, D]
     * @throws IndexOutOfBoundsException if an id is none of the table's rows
     */
    public static Tensor lookUp(Tensor table, Tensor ids) {
        long count = ids.elements();
        long dim = table.size(1);
        Tensor result = Tensor.empty(table.dtype(), Device.CPU, count, dim);
        if (result.elements() > 0) {
            RowKernel.lookUp(
                    table.address(),
                    dim * table.dtype().bytes(),
                    table.size(0),
                    ids.contiguous().address(),
                    count,
                    result.address());
        }
        return result;
    }
}
