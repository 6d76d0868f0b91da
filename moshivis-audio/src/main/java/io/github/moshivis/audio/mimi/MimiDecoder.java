package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.DepthwiseUpsampling;
import io.github.moshivis.nn.RecordedPlan;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;

/**
 * Dequantized latents to samples. Follows {@code moshi/models/compression.py}, MimiModel.decode.
 *
 * @param upsampling frames to steps
 * @param transformer over steps
 * @param seanet steps to samples
 */
record MimiDecoder(DepthwiseUpsampling upsampling, CodecTransformer transformer, SeanetDecoder seanet) {
    /**
     * The stages of a decoding.
     *
     * @param upsampled [B, steps, D]
     * @param transformed [B, steps, D]
     * @param pcm [B, samples]
     */
    record Stages(Tensor upsampled, Tensor transformed, Tensor pcm) {}

    HalfState newState(int slots, int stepsPerCall, Device device) {
        return new HalfState(
                seanet.newState(slots, device),
                transformer.newState(slots, stepsPerCall, device),
                upsampling.newTail(slots, device));
    }

    /** Plans a call that is so many of the transformer's steps long, and counts them in the active rows. */
    AttentionPlan plan(HalfState state, Rows rows, int steps) {
        return transformer.plan(state.attention(), rows, steps);
    }

    /** Returns whether a program supports a number of rows. */
    boolean isRecorded(long rows) {
        return seanet.isRecorded(rows) && transformer.isRecorded(rows);
    }

    /** Appends {@link #forward} of one frame to a program: latent F32 [B, 1, D] -> samples [B, samples, 1]. */
    Tensor record(KernelProgram program, Tensor latents, HalfState state, RecordedPlan plan) {
        Tensor x = upsampling.record(program, latents, state.resampling());
        transformer.record(program, x, state.attention(), plan);
        return seanet.record(program, x, state.seanet());
    }

    /** Latents F32 [B, frames, D] in, a planned call. */
    Stages forward(Tensor latents, HalfState state, Rows rows, AttentionPlan plan) {
        Tensor upsampled = upsampling.forward(latents, state.resampling(), rows); // -> [B, steps, D]
        Tensor transformed = transformer.forward(upsampled, state.attention(), plan);
        Tensor pcm =
                seanet.forward(transformed, state.seanet(), rows).select(2, 0); // -> [B, samples, 1] -> [B, samples]
        return new Stages(upsampled, transformed, pcm);
    }
}
