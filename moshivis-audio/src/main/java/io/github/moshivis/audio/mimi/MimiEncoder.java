package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.stream.ConvolutionTail.Start;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
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

    /** Samples F32 [B, one frame] -> latent [B, 1, D], a planned call: by a program where there is one. */
    Tensor encode(Tensor pcm, HalfState state, Rows rows, AttentionPlan plan) {
        Tensor transformed = HalfProgram.run(layers(state), pcm.unsqueeze(-1), state, rows, plan); // [B, steps, D]
        if (transformed == null) {
            return forward(pcm, state, rows, plan).latent();
        }
        return downsampling.forward(transformed, state.resampling(), rows); // -> [B, 1, D]
    }

    /** Convolutions and transformer for a program. */
    private HalfProgram.Layers layers(HalfState state) {
        return new HalfProgram.Layers() {
            @Override
            public boolean isRecorded(long rows) {
                return seanet.isRecorded(rows) && transformer.isRecorded(rows);
            }

            @Override
            public Tensor record(KernelProgram program, Tensor input, Tensor rotations, KeysValues.Window window) {
                Tensor x = seanet.record(program, input, state.seanet());
                transformer.record(program, x, state.attention(), rotations, window);
                return x;
            }
        };
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
