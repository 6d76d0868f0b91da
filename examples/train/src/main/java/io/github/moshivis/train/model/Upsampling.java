package io.github.moshivis.train.model;

import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;

/**
 * A transposed convolution over time with a kernel of twice its stride, cut at the right so that no step depends on a later one.
 *
 * @param kernel [C, out / groups, 2 S]
 * @param bias [out], or null for none
 * @param stride S
 * @param groups into how many groups channels are divided that do not mix
 */
record Upsampling(Parameter kernel, Parameter bias, int stride, int groups) {
    /** [B, C, T] -> [B, out, T S]. */
    Tensor forward(Tensor x) {
        Tensor whole = SequenceOps.transposedConvolution(
                x, kernel.value(), bias == null ? null : bias.value(), stride, groups);
        return whole.narrow(2, 0, x.size(2) * stride);
    }
}
