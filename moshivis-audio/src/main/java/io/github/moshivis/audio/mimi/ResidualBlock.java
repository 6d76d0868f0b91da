package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.nn.Elu;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.stream.ConvolutionTail;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Tensor;

/**
 * x + W elu(conv(elu(x))), narrower inside. Follows {@code moshi/modules/seanet.py}, SEANetResnetBlock with a true skip.
 *
 * @param inner C -> C / compress
 * @param outer C / compress -> C, a convolution with kernel 1
 */
record ResidualBlock(CausalConvolution inner, Linear outer) {
    /** [B, T, C] -> [B, T, C]. */
    Tensor forward(Tensor x, ConvolutionTail tail, Rows rows) {
        Tensor narrow = inner.forward(Elu.of(x), tail, rows); // [B, T, C / compress]
        return outer.forward(Elu.inPlace(narrow)).addInPlace(x);
    }
}
