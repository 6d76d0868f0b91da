package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Layer norm over the last dimension.
 *
 * @param weight [D]
 * @param bias [D]
 * @param epsilon added to the variance
 */
record CenteredNorm(Parameter weight, Parameter bias, double epsilon) {
    /** [.., D] -> [.., D]. */
    Tensor forward(Tensor x) {
        return Ops.layerNorm(x, weight.value().to(x.dtype()), bias.value().to(x.dtype()), epsilon);
    }
}
