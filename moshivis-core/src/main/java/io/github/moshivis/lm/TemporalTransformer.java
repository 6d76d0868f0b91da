package io.github.moshivis.lm;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * The transformer over time: one step a frame, a window of exactly {@code context} steps, positions that grow for ever. Follows
 * {@code kyuteye/models/helium.py}.
 */
record TemporalTransformer(List<TemporalLayer> layers, RmsNorm outputNorm, RotaryEmbedding rotary) {
    /** The gate that is shown is averaged over the last layers only (kyuteye/modules/transformer.py). */
    private static final int GATE_LAYERS = 10;

    /**
     * The output of a step.
     *
     * @param hidden after the output norm, [B, N, D]
     * @param gate mean gate of the last {@value #GATE_LAYERS} layers, F32 [B]; zero in rows that look at no picture
     */
    record Output(Tensor hidden, Tensor gate) {}

    /** Plans one step in the active rows, and counts it. */
    AttentionPlan plan(AttentionState state, Rows rows) {
        return plan(state, rows, 1);
    }

    /** Plans N steps in the active rows, and counts them. */
    AttentionPlan plan(AttentionState state, Rows rows, int steps) {
        return AttentionPlan.of(rotary, state, rows, steps);
    }

    /**
     * Takes N steps; more than one for a prompt only, without a picture.
     *
     * @param x sum of embeddings, [B, N, D]
     * @param state the rings
     * @param plan of this step
     * @param image what the rows see, or null
     */
    Output forward(Tensor x, AttentionState state, AttentionPlan plan, ImageWindow image) {
        RingWindow window = plan.ring().window();
        Tensor rotations = plan.rotations().tensor();
        Tensor gate = Tensor.zeros(DType.F32, x.device(), x.size(0));
        int averaged = Math.min(GATE_LAYERS, layers.size());
        Tensor hidden = x;
        for (int i = 0; i < layers.size(); i++) {
            TemporalLayer.Output output = layers.get(i).forward(hidden, rotations, state.ring(i), window, image);
            hidden = output.hidden();
            if (output.gateMean() != null && i >= layers.size() - averaged) {
                gate = gate.add(output.gateMean().to(DType.F32).view(x.size(0))); // [B, 1, 1] -> [B]
            }
        }
        return new Output(outputNorm.forward(hidden), gate.mul(1.0 / averaged));
    }
}
