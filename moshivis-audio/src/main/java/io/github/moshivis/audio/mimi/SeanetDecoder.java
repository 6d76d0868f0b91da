package io.github.moshivis.audio.mimi;

import io.github.moshivis.audio.mimi.SeanetState.StageState;
import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.nn.TransposedConvolution;
import io.github.moshivis.stream.ConvolutionTail.Start;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * Latents to samples, faster and narrower stage by stage. Follows {@code moshi/modules/seanet.py}, SEANetDecoder.
 *
 * @param first from the latent
 * @param stages in the order they run
 * @param last from channels to samples
 */
record SeanetDecoder(CausalConvolution first, List<Stage> stages, CausalConvolution last) {
    /**
     * A convolution that multiplies the rate, then a residual block.
     *
     * @param resampling C -> C / 2, several steps for one
     * @param residual at the rate of the output
     */
    record Stage(TransposedConvolution resampling, ResidualBlock residual) {}

    SeanetState newState(int slots, Device device) {
        return new SeanetState(
                first.newTail(slots, Start.ZEROS, device),
                stages.stream()
                        .map(stage -> new StageState(
                                stage.resampling.newTail(slots, device),
                                stage.residual.inner().newTail(slots, Start.ZEROS, device)))
                        .toList(),
                last.newTail(slots, Start.ZEROS, device));
    }

    /** Latents F32 [B, T, D] -> samples [B, T hop, 1]. */
    Tensor forward(Tensor latents, SeanetState state, Rows rows) {
        Tensor x = first.forward(latents, state.first(), rows, Epilogue.of(Activation.ELU));
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            StageState tails = state.stages().get(i);
            Tensor faster = stage.resampling.forward(x, tails.resampling(), rows); // [B, T, C] -> [B, T ratio, C / 2]
            x = stage.residual.forward(faster, tails.residual(), rows);
        }
        return last.forward(x, state.last(), rows);
    }

    /** Returns whether a program supports a number of rows. */
    boolean isRecorded(long rows) {
        return first.isRecorded(rows)
                && last.isRecorded(rows)
                && stages.stream()
                        .allMatch(stage -> stage.residual.isRecorded(rows) && stage.resampling.isRecorded(rows));
    }

    /** Appends {@link #forward} of rows that are all active to a program: F32 [B, T, D] -> [B, T hop, 1]. */
    Tensor record(KernelProgram program, Tensor latents, SeanetState state) {
        Tensor x = first.record(program, latents, state.first(), Activation.NONE, Epilogue.of(Activation.ELU));
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            StageState tails = state.stages().get(i);
            x = stage.resampling.record(program, x, tails.resampling());
            stage.residual.record(program, x, tails.residual());
        }
        return last.record(program, x, state.last(), Activation.NONE, Epilogue.NONE);
    }
}
