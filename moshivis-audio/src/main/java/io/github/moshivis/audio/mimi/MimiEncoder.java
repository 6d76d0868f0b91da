package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.nn.RecordedPlan;
import io.github.moshivis.stream.ConvolutionTail.Start;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;

/**
 * Samples to the latent that is quantized. Follows {@code moshi/models/compression.py}, MimiModel.encode_to_latent.
 *
 * @param seanet samples to steps
 * @param transformer over steps
 * @param downsampling steps to frames
 */
record MimiEncoder(SeanetEncoder seanet, CodecTransformer transformer, CausalConvolution downsampling) {
    /**
     * The stages of an encoding.
     *
     * @param convolved [B, steps, D]
     * @param transformed [B, steps, D]
     * @param latent [B, frames, D]
     */
    record Stages(Tensor convolved, Tensor transformed, Tensor latent) {}

    HalfState newState(int slots, int stepsPerCall, Device device) {
        return new HalfState(
                seanet.newState(slots, device),
                transformer.newState(slots, stepsPerCall, device),
                downsampling.newTail(slots, Start.FIRST_STEP, device));
    }

    /** Plans a call that is so many of the transformer's steps long, and counts them in the active rows. */
    AttentionPlan plan(HalfState state, Rows rows, int steps) {
        return transformer.plan(state.attention(), rows, steps);
    }

    /** Returns whether a program supports a number of rows. */
    boolean isRecorded(long rows) {
        return seanet.isRecorded(rows) && transformer.isRecorded(rows) && downsampling.isRecorded(rows);
    }

    /** Appends {@link #forward} of one frame to a program: F32 [B, samples, 1] -> latent [B, 1, D]. */
    Tensor record(KernelProgram program, Tensor pcm, HalfState state, RecordedPlan plan) {
        Tensor x = seanet.record(program, pcm, state.seanet());
        transformer.record(program, x, state.attention(), plan);
        return downsampling.record(program, x, state.resampling(), Activation.NONE, Epilogue.NONE);
    }

    /** Samples F32 [B, whole frames] in, a planned call. */
    Stages forward(Tensor pcm, HalfState state, Rows rows, AttentionPlan plan) {
        Tensor convolved =
                seanet.forward(pcm.unsqueeze(-1), state.seanet(), rows); // [B, T] -> [B, T, 1] -> [B, steps, D]
        Tensor transformed = transformer.forward(convolved, state.attention(), plan);
        Tensor latent = downsampling.forward(transformed, state.resampling(), rows); // -> [B, frames, D]
        return new Stages(convolved, transformed, latent);
    }
}
