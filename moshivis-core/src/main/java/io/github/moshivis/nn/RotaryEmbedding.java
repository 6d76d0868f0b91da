package io.github.moshivis.nn;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Rotary position embedding on interleaved pairs (2i, 2i+1), with frequencies maxPeriod^(-2i/D).
 *
 * <p>Angles are computed here, one float32 product each as in the reference, so there is no table that a long conversation could
 * outgrow. Follows {@code moshi/modules/rope.py}.
 */
public final class RotaryEmbedding {
    private final float[] frequencies;

    /**
     * Prepares the frequencies.
     *
     * @param headDim D, even
     * @param maxPeriod the longest period, in steps divided by 2 pi
     */
    public RotaryEmbedding(int headDim, double maxPeriod) {
        frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) Math.pow(maxPeriod, -2.0 * i / headDim);
        }
    }

    /**
     * The rotations of the new steps of a call.
     *
     * @param positions for each row, the position of its first new step
     * @param steps N
     * @param inputs what the call is planned in
     * @return cosines and sines, F32 [B, 1, N, D/2, 2]
     */
    public Input rotations(long[] positions, int steps, Inputs inputs) {
        float[] values = new float[positions.length * steps * frequencies.length * 2];
        int at = 0;
        for (long position : positions) {
            for (int step = 0; step < steps; step++) {
                for (float frequency : frequencies) {
                    float angle = (float) ((position + step) * (double) frequency);
                    values[at++] = (float) Math.cos(angle);
                    values[at++] = (float) Math.sin(angle);
                }
            }
        }
        return inputs.add(values, positions.length, 1, steps, frequencies.length, 2);
    }

    /**
     * Rotates, in float32.
     *
     * @param x [.., B, H, N, D]
     * @param rotations from {@link #rotations}
     * @return [.., B, H, N, D] in the type of x
     */
    public static Tensor rotate(Tensor x, Tensor rotations) {
        return Ops.rotatePairs(x.to(DType.F32), rotations).to(x.dtype());
    }
}
