package io.github.moshivis.lm;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
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
     * Takes one step: by a program where there is one.
     *
     * @param x sum of embeddings, [B, 1, D]
     * @param state the rings
     * @param plan of this step
     * @param image what the rows see, or null
     * @param programs of the state
     */
    Output forward(Tensor x, AttentionState state, AttentionPlan plan, ImageWindow image, TemporalPrograms programs) {
        TemporalProgram program = programs.program(this, x, state, plan, image);
        if (program == null) {
            return forward(x, state, plan, image);
        }
        Tensor hidden = program.run(x, state, plan, image);
        return new Output(hidden, gate(program.gateMeans(), x));
    }

    /**
     * Takes N steps layer by layer; more than one for a prompt only, without a picture.
     *
     * @param x sum of embeddings, [B, N, D]
     * @param state the rings
     * @param plan of this step
     * @param image keys and values of the rows' pictures; null for none
     */
    Output forward(Tensor x, AttentionState state, AttentionPlan plan, ImageWindow image) {
        RingWindow window = plan.ring().window();
        Tensor rotations = plan.rotations().tensor();
        List<Tensor> gateMeans = new ArrayList<>();
        Tensor hidden = x;
        for (int i = 0; i < layers.size(); i++) {
            TemporalLayer.Output output = layers.get(i).forward(hidden, rotations, state.ring(i), window, image);
            hidden = output.hidden();
            if (output.gateMean() != null) {
                gateMeans.add(output.gateMean());
            }
        }
        return new Output(outputNorm.forward(hidden), gate(gateMeans, x));
    }

    /** The mean of the last layers' gates, F32 [B]; zero if no layer has one. */
    private Tensor gate(List<Tensor> means, Tensor x) {
        int averaged = Math.min(GATE_LAYERS, layers.size());
        Tensor gate = Tensor.zeros(DType.F32, x.device(), x.size(0));
        for (Tensor mean : means.subList(Math.max(0, means.size() - averaged), means.size())) {
            gate = gate.add(mean.to(DType.F32).view(x.size(0))); // [B, 1, 1] -> [B]
        }
        return gate.mul(1.0 / averaged);
    }
}
