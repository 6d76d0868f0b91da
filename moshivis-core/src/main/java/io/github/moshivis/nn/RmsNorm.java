package io.github.moshivis.nn;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.RowOperators;
import io.github.moshivis.tensor.Tensor;

/**
 * x * alpha / sqrt(epsilon + v) over the last dimension, cast back to the type of x, which is not centered in either form. Follows
 * {@code kyuteye/modules/utils.py}: {@code real_rms_norm_f32}, {@code rms_norm_f32}, {@code rms_norm}.
 *
 * @param alpha [D]; not owned
 * @param spec which of the norms it is
 */
public record RmsNorm(Tensor alpha, Spec spec) {
    /** The divisor of an RMS norm. */
    public enum Form {
        /** The mean of the squares. */
        MEAN_OF_SQUARES(RowOperators.Norm.MEAN_OF_SQUARES),
        /** The unbiased variance: mean removed, divided by D - 1. */
        VARIANCE(RowOperators.Norm.VARIANCE);

        private final RowOperators.Norm norm;

        Form(RowOperators.Norm norm) {
            this.norm = norm;
        }
    }

    /**
     * One of the norms in use.
     *
     * @param form what v is
     * @param epsilon added to v
     * @param inFloat32 whether to compute in float32; else in the type of x
     */
    public record Spec(Form form, double epsilon, boolean inFloat32) {
        /** The usual one: every norm of the Rust and MLX back ends, and the temporal transformer's in all of them. */
        public static final Spec MEAN_OF_SQUARES = new Spec(Form.MEAN_OF_SQUARES, 1e-8, true);

        /** The depth transformer's in the PyTorch back end. */
        public static final Spec VARIANCE = new Spec(Form.VARIANCE, 1e-8, true);

        /** The image norm's in the PyTorch back end. */
        public static final Spec VARIANCE_UNCAST = new Spec(Form.VARIANCE, 1e-5, false);
    }

    /**
     * Normalizes.
     *
     * @param x [.., D]
     * @return [.., D], in the type of x
     */
    public Tensor forward(Tensor x) {
        if (spec.form == Form.MEAN_OF_SQUARES && spec.inFloat32 && !x.device().isCpu() && alpha.dtype() == x.dtype()) {
            return Ops.rmsNorm(x, alpha, spec.epsilon); // one kernel, which computes in float32 whatever the type
        }
        if ((spec.inFloat32 || x.dtype() == DType.F32) && RowOperators.fit(x)) {
            return RowOperators.normalize(spec.form.norm, x, alpha, null, spec.epsilon);
        }
        Tensor input = spec.inFloat32 ? x.to(DType.F32) : x;
        Tensor weight = alpha.to(input.dtype());
        if (spec.form == Form.MEAN_OF_SQUARES) {
            return Ops.rmsNorm(input, weight, spec.epsilon).to(x.dtype());
        }
        Tensor divisor = Ops.variance(input, -1).addInPlace(spec.epsilon); // [.., 1]
        return Ops.rsqrtInPlace(divisor).mul(weight).mulInPlace(input).to(x.dtype()); // [.., 1] -> [.., D]
    }

    /** Returns whether {@link #record} takes rows of a type. */
    public boolean isRecorded(DType dtype) {
        return (spec.inFloat32 || dtype == DType.F32) && (alpha.dtype() == DType.F32 || alpha.dtype() == DType.BF16);
    }

    /**
     * Appends the norm to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x [.., D], contiguous
     * @param y takes the result
     */
    public void record(KernelProgram program, Tensor x, Tensor y) {
        program.normalize(spec.form.norm, x, alpha, null, spec.epsilon, y);
    }
}
