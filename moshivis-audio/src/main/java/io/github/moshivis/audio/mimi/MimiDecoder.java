package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.DepthwiseUpsampling;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
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

    /** Latents F32 [B, 1, D] -> samples [B, one frame], a planned call: by a program where there is one. */
    Tensor decode(Tensor latents, HalfState state, Rows rows, AttentionPlan plan) {
        Tensor upsampled = upsampling.forward(latents, state.resampling(), rows); // [B, 1, D] -> [B, steps, D]
        Tensor pcm = HalfProgram.run(layers(state), upsampled, state, rows, plan); // -> [B, samples, 1]
        return pcm == null
                ? stages(upsampled, state, rows, plan).pcm()
                : pcm.select(2, 0).copy();
    }

    /** Transformer and convolutions for a program. */
    private HalfProgram.Layers layers(HalfState state) {
        return new HalfProgram.Layers() {
            @Override
            public boolean isRecorded(long rows) {
                return seanet.isRecorded(rows) && transformer.isRecorded(rows);
            }

            @Override
            public Tensor record(KernelProgram program, Tensor input, Tensor rotations, KeysValues.Window window) {
                transformer.record(program, input, state.attention(), rotations, window);
                return seanet.record(program, input, state.seanet());
            }
        };
    }

    /** Latents F32 [B, frames, D] in, a planned call. */
    Stages forward(Tensor latents, HalfState state, Rows rows, AttentionPlan plan) {
        return stages(upsampling.forward(latents, state.resampling(), rows), state, rows, plan); // -> [B, steps, D]
    }

    private Stages stages(Tensor upsampled, HalfState state, Rows rows, AttentionPlan plan) {
        Tensor transformed = transformer.forward(upsampled, state.attention(), plan);
        Tensor pcm =
                seanet.forward(transformed, state.seanet(), rows).select(2, 0); // -> [B, samples, 1] -> [B, samples]
        return new Stages(upsampled, transformed, pcm);
    }
}
