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
        return isKnown(x) && areUsable() && x.isContiguous();
    }

    /** Tells whether there are kernels, and no gradients are wanted. */
    static boolean areUsable() {
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
                Kernels.instructionSet(), weights(norm, scales, shifts, epsilon), Layout.of(x), result.address());
        return result;
    }

    /** The weights of a norm, F32 or BF16; bias may be null. */
    static RowKernel.Weights weights(Norm norm, Tensor weight, Tensor bias, double epsilon) {
        return new RowKernel.Weights(
                norm.kernel,
                epsilon,
                weight.address(),
                bias == null ? 0 : bias.address(),
                Layout.numbers(weight.dtype()),
                weight.elements());
    }

    /**
     * Returns whether there is a kernel that chooses tokens.
     *
     * @param logits [B, entries]
     * @return whether {@link #choose} takes them
     */
    public static boolean fitChoice(Tensor logits) {
        return fit(logits) && logits.size(-1) <= Integer.MAX_VALUE;
    }

    /**
     * Chooses in each row a token among the most likely ones: that of the largest p / noise, with the softmax of logits / temperature for
     * p, of those whose more likely ones have less than a mass together, and the most likely one. Tokens of one probability are ranked as
     * {@link Ops#topK} ranks them.
     *
     * @param logits [B, entries], see {@link #fitChoice}
     * @param temperatures F32 [B, 1]
     * @param masses F32 [B, 1], or null for no such limit
     * @param noise F32 [B, ranks], above 0, by rank
     * @return I64 [B]
     */
    public static Tensor choose(Tensor logits, Tensor temperatures, Tensor masses, Tensor noise) {
        Tensor result = Tensor.empty(DType.I64, Device.CPU, logits.size(0));
        Tensor limits = masses == null ? null : masses.contiguous();
        RowKernel.choose(
                Layout.of(logits),
                logits.size(1),
                new RowKernel.Choice(
                        temperatures.contiguous().address(),
                        limits == null ? 0 : limits.address(),
                        noise.contiguous().address(),
                        noise.size(1)),
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
        Tensor means = Tensor.empty(y.dtype(), Device.CPU, y.shapeWithLast(1));
        Tensor summands = x.contiguous();
        Tensor open = gates.contiguous();
        Tensor rows = used == null ? null : used.contiguous();
        RowKernel.addGated(
                Kernels.instructionSet(), gatedSum(y, summands, open, shift, rows), y.address(), means.address());
        return means;
    }

    /** The summands of a gated sum, contiguous; used may be null. */
    static RowKernel.GatedSum gatedSum(Tensor y, Tensor x, Tensor gates, double shift, Tensor used) {
        long dim = y.size(-1);
        return new RowKernel.GatedSum(
                gates.address(),
                shift,
                x.address(),
                used == null ? 0 : used.address(),
                Layout.numbers(y.dtype()),
                y.elements() / dim,
                dim);
    }

    /**
     * Returns whether there is a kernel for a table.
     *
     * @param table [entries, D]
     * @return whether {@link #lookUp} takes it
     */
    public static boolean fitTable(Tensor table) {
        return table.device().isCpu() && areUsable() && table.isContiguous();
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
