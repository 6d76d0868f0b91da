package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * The part of a matrix product that a low-rank adapter adds: scaling * B (A x).
 *
 * @param down A, [rank, in]
 * @param up B, [out, rank]
 * @param scaling not divided by the rank
 */
record LowRank(Parameter down, Parameter up, double scaling) {
    Tensor forward(Tensor x) {
        Tensor narrow = Ops.linear(x, down.value().to(x.dtype())); // [.., in] -> [.., rank]
        return Ops.linear(narrow, up.value().to(x.dtype())).mul(scaling); // -> [.., out]
    }
}
