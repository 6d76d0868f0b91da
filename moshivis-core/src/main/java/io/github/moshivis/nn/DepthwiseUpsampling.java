package io.github.moshivis.nn;

import io.github.moshivis.stream.ConvolutionTail;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;

/**
 * A transposed convolution over time that keeps channels apart, with a kernel of twice its stride S and no bias: each output step is
 * a weighted sum of an input step and the one before. Follows {@code moshi/modules/resample.py}, ConvTrUpsample1d.
 *
 * @param present weights of the step itself, F32 [S, C]; not owned
 * @param before weights of the step before, F32 [S, C]; not owned
 */
public record DepthwiseUpsampling(Tensor present, Tensor before) {
    /**
     * Lays one half of a kernel out.
     *
     * @param kernel [C, 1, 2 S], as the reference stores it
     * @param half 0 for the weights of the step itself, 1 for those of the step before
     * @return [S, C]
     */
    public static Tensor half(Tensor kernel, int half) {
        long stride = kernel.size(2) / 2;
        return kernel.narrow(2, half * stride, stride)
                .select(1, 0)
                .transpose(0, 1)
                .contiguous(); // [C, 1, S] -> [C, S] -> [S, C]
    }

    /** State for this layer, owned by the caller. */
    public ConvolutionTail newTail(int slots, Device device) {
        return new ConvolutionTail(slots, 1, (int) present.size(1), ConvolutionTail.Start.ZEROS, device);
    }

    /**
     * Upsamples.
     *
     * @param x F32 [B, T, C]
     * @param tail from {@link #newTail}; takes the last step of x up
     * @param rows the rows of the call
     * @return F32 [B, T S, C]
     */
    public Tensor forward(Tensor x, ConvolutionTail tail, Rows rows) {
        long steps = x.size(1);
        Tensor joined = tail.join(x, rows).unsqueeze(2); // [B, 1 + T, C] -> [B, 1 + T, 1, C]
        Tensor now = joined.narrow(1, 1, steps).mul(present); // -> [B, T, S, C]
        Tensor then = joined.narrow(1, 0, steps).mul(before);
        return now.add(then).view(x.size(0), steps * present.size(0), -1); // -> [B, T S, C]
    }

    /**
     * Appends the upsampling to a program.
     *
     * @param program takes it
     * @param x F32 [B, T, C], contiguous
     * @param tail from {@link #newTail}
     * @return F32 [B, T S, C]
     */
    public Tensor record(KernelProgram program, Tensor x, ConvolutionTail tail) {
        Tensor y = program.room(DType.F32, x.size(0), x.size(1) * present.size(0), x.size(2));
        program.upsample(tail.record(program, Activation.NONE, x), present, before, y);
        return y;
    }
}
