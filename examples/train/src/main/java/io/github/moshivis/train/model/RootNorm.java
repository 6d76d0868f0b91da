package io.github.moshivis.train.model;

import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * The RMS norms of the language model, see {@link RmsNorm}.
 *
 * @param alpha [D]
 * @param spec which of them it is
 */
record RootNorm(Parameter alpha, RmsNorm.Spec spec) {
    /** [.., D] -> [.., D] in the type of x. */
    Tensor forward(Tensor x) {
        Tensor input = spec.inFloat32() ? x.to(DType.F32) : x;
        Tensor spread =
                spec.form() == RmsNorm.Form.VARIANCE ? Ops.variance(input, -1) : Ops.mean(Ops.square(input), -1);
        Tensor scale = Ops.rsqrt(spread.add(spec.epsilon())); // [.., 1]
        return input.mul(scale).mul(alpha.value().to(input.dtype())).to(x.dtype());
    }
}
