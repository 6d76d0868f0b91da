package io.github.moshivis.nn;

import io.github.moshivis.stream.ConvolutionTail;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * A transposed convolution over time whose kernel is twice its stride S: each input step gives S output steps, one product with it
 * and the step before. Follows {@code moshi/modules/conv.py}, StreamingConvTranspose1d, but remembers the last input step where the
 * reference remembers what its output still adds to.
 *
 * @param product [2 C] -> [S out], its matrix in the form of {@link #productForm}, its bias repeated S times
 * @param channels C
 * @param stride S
 */
public record TransposedConvolution(Linear product, int channels, int stride) {
    private static final int WINDOW = 2;

    /**
     * Lays a kernel out as the matrix of the product.
     *
     * @param kernel [C, out, 2 S], as the reference stores it
     * @return [S out, 2 C]; the first C columns are for the step before
     */
    public static Tensor productForm(Tensor kernel) {
        long channels = kernel.size(0);
        long out = kernel.size(1);
        long stride = kernel.size(2) / WINDOW;
        Tensor present = kernel.narrow(2, 0, stride);
        Tensor before = kernel.narrow(2, stride, stride); // [C, out, S]
        return Ops.stack(0, before, present)
                .permute(3, 2, 0, 1) // [2, C, out, S] -> [S, out, 2, C]
                .reshape(stride * out, WINDOW * channels);
    }

    /**
     * Lays a bias out for the product.
     *
     * @param bias [out]
     * @param stride S
     * @return [S out]
     */
    public static Tensor productForm(Tensor bias, int stride) {
        return bias.unsqueeze(0).expand(stride, -1).reshape(-1); // [out] -> [S, out] -> [S out]
    }

    /** State for this layer, owned by the caller. */
    public ConvolutionTail newTail(int slots, Device device) {
        return new ConvolutionTail(slots, WINDOW - 1, channels, ConvolutionTail.Start.ZEROS, device);
    }

    /**
     * Convolves.
     *
     * @param x F32 [B, T, C]
     * @param tail from {@link #newTail}; takes the last step of x up
     * @param rows the rows of the call
     * @return F32 [B, T S, out]
     */
    public Tensor forward(Tensor x, ConvolutionTail tail, Rows rows) {
        Tensor products =
                product.forward(tail.join(x, rows).windows(WINDOW, 1)); // [B, 1 + T, C] -> [B, T, 2 C] -> [B, T, S out]
        return products.view(x.size(0), x.size(1) * stride, -1); // -> [B, T S, out]
    }

    /** Returns whether {@link #record} takes so many rows. */
    public boolean isRecorded(long rows) {
        return product.isRecorded(DType.F32, rows) && product.recordsEpilogues();
    }

    /**
     * Appends the convolution to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x F32 [B, T, C], contiguous
     * @param tail from {@link #newTail}
     * @return F32 [B, T S, out]
     */
    public Tensor record(KernelProgram program, Tensor x, ConvolutionTail tail) {
        Tensor y = program.room(DType.F32, x.size(0), x.size(1) * stride, product.out() / stride);
        Tensor windows = tail.record(program, Activation.NONE, x).windows(WINDOW, 1); // [B, T, 2 C]
        product.record(program, windows, y, Epilogue.NONE); // -> [B, T, S out], the same numbers
        return y;
    }
}
