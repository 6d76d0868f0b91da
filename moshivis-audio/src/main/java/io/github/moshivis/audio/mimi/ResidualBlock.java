package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.stream.ConvolutionTail;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;

/**
 * elu(x + W elu(conv(elu(x)))), narrower inside; the activation that always comes next is included. Follows {@code moshi/modules/seanet.py}, SEANetResnetBlock with a true skip.
 *
 * @param inner C -> C / compress
 * @param outer C / compress -> C, a convolution with kernel 1
 */
record ResidualBlock(CausalConvolution inner, Linear outer) {
    private static final Epilogue ACTIVATED = Epilogue.of(Activation.ELU);

    /** [B, T, C] -> [B, T, C]. */
    Tensor forward(Tensor x, ConvolutionTail tail, Rows rows) {
        Tensor narrow = inner.forward(Activation.ELU.of(x), tail, rows, ACTIVATED); // [B, T, C / compress]
        return outer.forward(narrow, new Epilogue(Activation.ELU, null, x));
    }

    /** Returns whether a program supports a number of rows. */
    boolean isRecorded(long rows) {
        return inner.isRecorded(rows) && outer.isRecorded(DType.F32, rows) && outer.recordsEpilogues();
    }

    /** Appends the block to a program; x [B, T, C] takes the result. */
    void record(KernelProgram program, Tensor x, ConvolutionTail tail) {
        Tensor narrow = inner.record(program, x, tail, Activation.ELU, ACTIVATED);
        outer.record(program, narrow, x, new Epilogue(Activation.ELU, null, x));
    }
}
