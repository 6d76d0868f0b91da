package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * A matrix product, in the type of what it multiplies.
 *
 * @param weight [out, in]
 * @param bias [out], or null for none
 * @param adapter what is added, or null for nothing
 */
record Projection(Parameter weight, Parameter bias, LowRank adapter) {
    /** [.., in] -> [.., out]. */
    Tensor forward(Tensor x) {
        Tensor matrix = weight.value().to(x.dtype());
        Tensor product = bias == null
                ? Ops.linear(x, matrix)
                : Ops.linear(x, matrix, bias.value().to(x.dtype()));
        return adapter == null ? product : product.add(adapter.forward(x));
    }
}
