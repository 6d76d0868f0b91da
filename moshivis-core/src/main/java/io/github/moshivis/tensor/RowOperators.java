package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.RowKernel;

/** Operators on the rows of a tensor by our own kernels: float32 and bfloat16 on the CPU, computed in float32 and rounded once. */
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
        return isKnown(x) && Kernels.available() && x.isContiguous();
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
        long[] shape = both.shape();
        long hidden = shape[shape.length - 1] / 2;
        shape[shape.length - 1] = hidden;
        Tensor result = Tensor.empty(both.dtype(), Device.CPU, shape);
        RowKernel.gate(Kernels.instructionSet(), Layout.of(both), hidden, result.address());
        return result;
    }
}
