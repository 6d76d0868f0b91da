package io.github.moshivis.nn;

import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.RowOperators;
import io.github.moshivis.tensor.Tensor;

/**
 * Layer norm over the last dimension.
 *
 * @param weight [D]; not owned
 * @param bias [D]; not owned
 * @param epsilon added to the variance
 */
public record LayerNorm(Tensor weight, Tensor bias, double epsilon) {
    /**
     * Normalizes.
     *
     * @param x [.., D]
     * @return [.., D]
     */
    public Tensor forward(Tensor x) {
        return RowOperators.fit(x)
                ? RowOperators.normalize(RowOperators.Norm.LAYER, x, weight, bias, epsilon)
                : Ops.layerNorm(x, weight, bias, epsilon);
    }

    /**
     * Appends the norm of F32 rows to a program.
     *
     * @param program takes it
     * @param x F32 [.., D], contiguous
     * @param y takes the result
     */
    public void record(KernelProgram program, Tensor x, Tensor y) {
        program.normalize(RowOperators.Norm.LAYER, x, weight, bias, epsilon, y);
    }
}
