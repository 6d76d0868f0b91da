package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.nn.DepthwiseUpsampling;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.TransposedConvolution;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.WeightReader;

/**
 * Reads one convolution: its kernel, as it is or as the pair {@code weight_g}, {@code weight_v} of a weight norm that was not
 * folded, and its bias.
 *
 * @param weights at the convolution
 */
record ConvolutionLoader(WeightReader weights) {
    CausalConvolution plain(int in, int out, int kernel, int stride) {
        return convolution(in, out, kernel, stride, bias(out));
    }

    CausalConvolution withoutBias(int in, int out, int kernel, int stride) {
        return convolution(in, out, kernel, stride, null);
    }

    private CausalConvolution convolution(int in, int out, int kernel, int stride, Tensor bias) {
        Linear product = weights.linear(() -> CausalConvolution.productForm(kernel(out, in, kernel)), bias);
        return new CausalConvolution(product, in, kernel, stride);
    }

    /** A kernel of one step. */
    Linear pointwise(int in, int out) {
        return pointwise(in, out, bias(out));
    }

    /** A kernel of one step. */
    Linear pointwiseWithoutBias(int in, int out) {
        return pointwise(in, out, null);
    }

    private Linear pointwise(int in, int out, Tensor bias) {
        return weights.linear(() -> kernel(out, in, 1).view(out, in), bias); // [out, in, 1] -> [out, in]
    }

    TransposedConvolution transposed(int in, int out, int stride) {
        Tensor bias = weights.derive(() -> TransposedConvolution.productForm(bias(out), stride));
        Linear product = weights.linear(() -> TransposedConvolution.productForm(kernel(in, out, 2L * stride)), bias);
        return new TransposedConvolution(product, in, stride);
    }

    DepthwiseUpsampling depthwise(int channels, int stride) {
        Tensor present = weights.derive(() -> DepthwiseUpsampling.half(kernel(channels, 1, 2L * stride), 0));
        Tensor before = weights.derive(() -> DepthwiseUpsampling.half(kernel(channels, 1, 2L * stride), 1));
        return new DepthwiseUpsampling(present, before);
    }

    private Tensor bias(int out) {
        return weights.tensor("bias", out);
    }

    /** The norm is over all dimensions but the first, also in a transposed convolution (PyTorch's weight_norm). */
    private Tensor kernel(long... shape) {
        if (weights.has("weight") || !weights.has("weight_v")) {
            return weights.tensor("weight", shape);
        }
        Tensor direction = weights.tensor("weight_v", shape);
        Tensor length = weights.tensor("weight_g", shape[0], 1, 1);
        Tensor squares = Ops.sum(Ops.square(direction).view(shape[0], -1), 1); // [shape0, n] -> [shape0, 1]
        return direction.mul(length.mul(Ops.rsqrt(squares).unsqueeze(-1)));
    }
}
