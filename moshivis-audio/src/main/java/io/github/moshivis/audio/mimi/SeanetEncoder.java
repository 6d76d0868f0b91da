package io.github.moshivis.audio.mimi;

import io.github.moshivis.audio.mimi.SeanetState.StageState;
import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.stream.ConvolutionTail.Start;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * Samples to latents, slower and wider stage by stage. Follows {@code moshi/modules/seanet.py}, SEANetEncoder.
 *
 * @param first from samples to channels
 * @param stages in the order they run
 * @param last to the latent
 */
record SeanetEncoder(CausalConvolution first, List<Stage> stages, CausalConvolution last) {
    /**
     * A residual block, then a convolution that divides the rate.
     *
     * @param residual at the rate of the input
     * @param resampling C -> 2 C, one step for several
     */
    record Stage(ResidualBlock residual, CausalConvolution resampling) {}

    SeanetState newState(int slots, Device device) {
        return new SeanetState(
                first.newTail(slots, Start.ZEROS, device),
                stages.stream()
                        .map(stage -> new StageState(
                                stage.resampling.newTail(slots, Start.ZEROS, device),
                                stage.residual.inner().newTail(slots, Start.ZEROS, device)))
                        .toList(),
                last.newTail(slots, Start.ZEROS, device));
    }

    /** The operation after a stage: residual blocks need its result with and without an activation. */
    private Epilogue after(int stage) {
        return stage == stages.size() - 1 ? Epilogue.of(Activation.ELU) : Epilogue.NONE;
    }

    /** Samples F32 [B, T, 1] -> [B, T / hop, D]. */
    Tensor forward(Tensor samples, SeanetState state, Rows rows) {
        Tensor x = first.forward(samples, state.first(), rows);
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            StageState tails = state.stages().get(i);
            Tensor refined = stage.residual.forward(x, tails.residual(), rows);
            x = stage.resampling.forward(refined, tails.resampling(), rows, after(i)); // -> [B, T / ratio, 2 C]
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

    /** Appends {@link #forward} of rows that are all active to a program: F32 [B, T, 1] -> [B, T / hop, D]. */
    Tensor record(KernelProgram program, Tensor samples, SeanetState state) {
        Tensor x = first.record(program, samples, state.first(), Activation.NONE, Epilogue.NONE);
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            StageState tails = state.stages().get(i);
            stage.residual.record(program, x, tails.residual());
            x = stage.resampling.record(program, x, tails.resampling(), Activation.NONE, after(i));
        }
        return last.record(program, x, state.last(), Activation.NONE, Epilogue.NONE);
    }
}
