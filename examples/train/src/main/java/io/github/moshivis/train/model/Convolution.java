package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;

/**
 * A convolution over time that sees no future: what it lacks before the first step is zeros.
 *
 * @param kernel [out, C, K]
 * @param bias [out], or null for none
 * @param stride S, at most K
 */
record Convolution(Parameter kernel, Parameter bias, int stride) {
    /** [B, C, T] -> [B, out, T / S]. */
    Tensor forward(Tensor x) {
        return convolve(SequenceOps.pad(x, past(), 0));
    }

    /** The same with copies of the first step in place of zeros ("replicate" padding). */
    Tensor forwardAfterFirstStep(Tensor x) {
        Tensor first = x.narrow(2, 0, 1).expand(x.size(0), x.size(1), past());
        return convolve(Ops.cat(2, first, x));
    }

    private long past() {
        return kernel.shape().dimension(2) - stride;
    }

    private Tensor convolve(Tensor padded) {
        return SequenceOps.convolution(padded, kernel.value(), bias == null ? null : bias.value(), stride);
    }
}
