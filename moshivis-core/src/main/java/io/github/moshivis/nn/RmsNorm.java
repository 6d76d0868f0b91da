package io.github.moshivis.nn;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * x * alpha / sqrt(epsilon + v) over the last dimension, in float32 unless said otherwise, cast back to the type of x. x is not
 * centred in either form.
 *
 * <p>Follows {@code kyuteye/modules/utils.py}: {@code real_rms_norm_f32}, {@code rms_norm_f32}, {@code rms_norm}.
 *
 * @param alpha [D]; not owned
 * @param epsilon added to v
 * @param form what v is
 * @param inFloat32 whether to compute in float32; else in the type of x
 */
public record RmsNorm(Tensor alpha, double epsilon, Form form, boolean inFloat32) {
    /** What an RMS norm divides by. */
    public enum Form {
        /** The mean of the squares. */
        MEAN_OF_SQUARES,
        /** The unbiased variance: mean removed, divided by D - 1. */
        VARIANCE
    }

    /**
     * Normalises.
     *
     * @param x [.., D]
     * @return [.., D], in the type of x
     */
    public Tensor forward(Tensor x) {
        Tensor input = inFloat32 ? x.to(DType.F32) : x;
        Tensor v = form == Form.VARIANCE ? Ops.variance(input, -1) : Ops.mean(Ops.square(input), -1); // [.., 1]
        Tensor scale = alpha.to(input.dtype()).mul(Ops.rsqrt(v.add(epsilon)));
        return input.mul(scale).to(x.dtype());
    }
}
