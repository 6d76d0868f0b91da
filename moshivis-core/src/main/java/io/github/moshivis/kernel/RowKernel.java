package io.github.moshivis.kernel;

/**
 * Operators on whole rows between products, over plain addresses, computed in float32 and rounded once. A row depends on nothing but its own
 * numbers. Stateless.
 */
public final class RowKernel {
    /** Norms over a row. */
    public enum Norm {
        /** Division by the root of the mean of the squares. */
        MEAN_OF_SQUARES,
        /** Division by the root of the unbiased variance, not centered. */
        VARIANCE,
        /** Layer norm: centered, division by the root of the biased variance. */
        LAYER
    }

    /**
     * Weights of a norm.
     *
     * @param norm which
     * @param epsilon added under the root
     * @param weight address of [dim]
     * @param bias address of [dim]; 0 for none
     * @param type of both, F32 or BF16
     * @param dim numbers of a row
     */
    public record Weights(Norm norm, double epsilon, long weight, long bias, MatrixKernels.Numbers type, long dim) {}

    private RowKernel() {}

    /**
     * Normalizes rows.
     *
     * @param set the instruction set
     * @param weights of the norm
     * @param x rows of weights.dim numbers, F32 or BF16
     * @param y takes the results in the type of x, without gaps
     */
    public static void normalize(InstructionSet set, Weights weights, MatrixKernels.Rows x, long y) {
        NativeCalls.normalize(
                set.number(),
                weights.norm.ordinal(),
                x.address(),
                x.type().ordinal(),
                x.stride(),
                weights.weight,
                weights.bias,
                weights.type.ordinal(),
                (float) weights.epsilon,
                y,
                x.count(),
                weights.dim);
    }

    /**
     * Computes {@code a * sigmoid(a) * b} of rows [a ; b].
     *
     * @param set the instruction set
     * @param x rows of 2 * hidden numbers without gaps, F32 or BF16
     * @param hidden numbers of a result
     * @param y takes the results in the type of x, without gaps
     */
    public static void gate(InstructionSet set, MatrixKernels.Rows x, long hidden, long y) {
        NativeCalls.gate(set.number(), x.address(), x.type().ordinal(), x.count(), hidden, y);
    }
}
