package io.github.moshivis.nn;

import io.github.moshivis.stream.ConvolutionTail;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;

/**
 * A convolution over time that sees no future: step t of the output is one product with input steps t S - (K - S) to t S + S - 1.
 * Those are neighbors in memory, since channels are last, so the K steps of a window are a view, and the layer a {@link Linear} of
 * it. Follows {@code moshi/modules/conv.py}, StreamingConv1d, which has channels first.
 *
 * @param product [K C] -> [out], its matrix in the form of {@link #productForm}
 * @param channels C
 * @param kernel K, at least S
 * @param stride S
 */
public record CausalConvolution(Linear product, int channels, int kernel, int stride) {
    /**
     * Lays a kernel out as the matrix of the product.
     *
     * @param kernel [out, C, K], as the reference stores it
     * @return [out, K C]
     */
    public static Tensor productForm(Tensor kernel) {
        return kernel.transpose(1, 2).reshape(kernel.size(0), -1); // [out, C, K] -> [out, K, C] -> [out, K C]
    }

    /** State for this layer, owned by the caller. */
    public ConvolutionTail newTail(int slots, ConvolutionTail.Start start, Device device) {
        return new ConvolutionTail(slots, kernel - stride, channels, start, device);
    }

    /**
     * Convolves.
     *
     * @param x F32 [B, T, C], T a multiple of S
     * @param tail from {@link #newTail}; takes the end of x up
     * @param rows the rows of the call
     * @return F32 [B, T / S, out]
     */
    public Tensor forward(Tensor x, ConvolutionTail tail, Rows rows) {
        return forward(x, tail, rows, Epilogue.NONE);
    }

    /**
     * Convolves, and applies what follows in the same pass where it can.
     *
     * @param x F32 [B, T, C], T a multiple of S
     * @param tail from {@link #newTail}; takes the end of x up
     * @param rows the rows of the call
     * @param epilogue what follows
     * @return F32 [B, T / S, out]
     */
    public Tensor forward(Tensor x, ConvolutionTail tail, Rows rows, Epilogue epilogue) {
        Tensor windows = tail.join(x, rows).windows(kernel, stride); // [B, K - S + T, C] -> [B, T / S, K C]
        return product.forward(windows, epilogue); // -> [B, T / S, out]
    }

    /** Returns whether {@link #record} takes so many rows. */
    public boolean isRecorded(long rows) {
        return product.isRecorded(DType.F32, rows) && product.recordsEpilogues();
    }

    /**
     * Appends the convolution to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x F32 [B, T, C], contiguous, T a multiple of S
     * @param tail from {@link #newTail}, of a start with zeros
     * @param before activation of x
     * @param epilogue what follows
     * @return F32 [B, T / S, out]
     */
    public Tensor record(KernelProgram program, Tensor x, ConvolutionTail tail, Activation before, Epilogue epilogue) {
        Tensor y = program.room(DType.F32, x.size(0), x.size(1) / stride, product.out());
        product.record(program, tail.record(program, before, x).windows(kernel, stride), y, epilogue);
        return y;
    }
}
