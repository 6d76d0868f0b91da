package io.github.moshivis.audio.mimi;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.LayerNorm;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RecordedPlan;
import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.nn.SelfAttention;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.KvRing;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Activation;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * The causal transformer between convolutions and quantizer, several steps a frame, no norm after the last layer. Follows {@code
 * moshi/modules/transformer.py}, StreamingTransformer.
 *
 * @param layers in the order they run
 * @param rotary positions, which grow without limit
 * @param sizes heads and context
 */
record CodecTransformer(List<Layer> layers, RotaryEmbedding rotary, MimiConfig.Transformer sizes) {
    /**
     * Pre-norm attention and feed-forward network (GELU, no biases), each scaled channel by channel before it is added.
     *
     * @param attentionScale [D]
     * @param feedForwardScale [D]
     */
    record Layer(
            LayerNorm attentionNorm,
            SelfAttention attention,
            Tensor attentionScale,
            LayerNorm feedForwardNorm,
            Linear feedForwardInput,
            Linear feedForwardOutput,
            Tensor feedForwardScale) {
        private static final Epilogue ACTIVATED = Epilogue.of(Activation.GELU);

        private Tensor forward(Tensor x, Tensor rotations, KvRing ring, RingWindow window) {
            Tensor hidden =
                    attention.forward(attentionNorm.forward(x), rotations, ring, window, added(attentionScale, x));
            Tensor wide =
                    feedForwardInput.forward(feedForwardNorm.forward(hidden), ACTIVATED); // [B, T, D] -> [B, T, F]
            return feedForwardOutput.forward(wide, added(feedForwardScale, hidden)); // -> [B, T, D]
        }

        private boolean isRecorded(long rows) {
            return attention.isRecorded(DType.F32, rows)
                    && attention.recordsEpilogues()
                    && feedForwardInput.isRecorded(DType.F32, rows)
                    && feedForwardInput.recordsEpilogues()
                    && feedForwardOutput.isRecorded(DType.F32, rows)
                    && feedForwardOutput.recordsEpilogues();
        }

        private void record(KernelProgram program, Tensor x, Tensor rotations, KvRing ring, KeysValues.Window window) {
            Tensor normalized = program.between(DType.F32, x.shape());
            Tensor wide = program.between(DType.F32, x.size(0), x.size(1), feedForwardInput.out());
            attentionNorm.record(program, x, normalized);
            attention.record(program, normalized, rotations, ring, window, x, added(attentionScale, x));
            feedForwardNorm.record(program, x, normalized);
            feedForwardInput.record(program, normalized, wide, ACTIVATED);
            feedForwardOutput.record(program, wide, x, added(feedForwardScale, x));
        }

        private static Epilogue added(Tensor scale, Tensor x) {
            return new Epilogue(Activation.NONE, scale, x);
        }
    }

    /** State in which each of up to {@code stepsPerCall} new steps sees its whole context; with 1, as the reference streams. */
    AttentionState newState(int slots, int stepsPerCall, Device device) {
        return new AttentionState(
                slots, layers.size(), sizes.heads(), sizes.context(), stepsPerCall, sizes.headDim(), DType.F32, device);
    }

    /** Plans T steps in the active rows, and counts them. */
    AttentionPlan plan(AttentionState state, Rows rows, int steps) {
        return AttentionPlan.of(rotary, state, rows, steps);
    }

    /** [B, T, D] -> [B, T, D]. */
    Tensor forward(Tensor x, AttentionState state, AttentionPlan plan) {
        RingWindow window = plan.ring().window();
        Tensor rotations = plan.rotations().tensor();
        Tensor hidden = x;
        for (int i = 0; i < layers.size(); i++) {
            hidden = layers.get(i).forward(hidden, rotations, state.ring(i), window);
        }
        return hidden;
    }

    /** Returns whether a program supports a number of rows. */
    boolean isRecorded(long rows) {
        return layers.stream().allMatch(layer -> layer.isRecorded(rows));
    }

    /** Appends all layers to a program; x [B, T, D] takes the result. */
    void record(KernelProgram program, Tensor x, AttentionState state, RecordedPlan plan) {
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).record(program, x, plan.rotations(), state.ring(i), plan.window());
        }
    }
}
