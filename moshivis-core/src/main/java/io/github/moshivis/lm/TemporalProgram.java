package io.github.moshivis.lm;

import io.github.moshivis.nn.AttentionPlan;
import io.github.moshivis.nn.RecordedPlan;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One step of a {@link TemporalTransformer} as a program of kernels, for one number of rows. Made for one state; owns its memory. */
final class TemporalProgram implements AutoCloseable {
    private final KernelProgram program = new KernelProgram();
    private final RecordedPlan plan;
    private final Tensor x; // [B, 1, D]
    private final Tensor normalized; // [B, 1, D]
    private final Tensor added; // [B, 1, D]
    private final Tensor hidden; // [B, 1, D]
    /** Null in a program of rows none of which attends to a picture, as all that follows. */
    private final KeysValues pictures;

    private final Tensor counts; // I64 [B]
    private final Tensor used; // BOOL [B, 1, 1]
    private final List<Tensor> gateMeans = new ArrayList<>(); // for each layer [B, 1, 1]

    /**
     * Records all layers.
     *
     * @param transformer see {@link #fits}
     * @param state its rings
     * @param step the plan of a step of so many rows
     * @param like the transformer's input [B, 1, D]: its shape and type count
     * @param pictures keys and values of pictures; null for a step without
     */
    TemporalProgram(
            TemporalTransformer transformer,
            AttentionState state,
            AttentionPlan step,
            Tensor like,
            KeysValues pictures) {
        this.pictures = pictures;
        DType dtype = like.dtype();
        plan = new RecordedPlan(program, step);
        x = program.room(dtype, like.shape());
        normalized = program.room(dtype, like.shape());
        added = program.room(dtype, like.shape());
        hidden = program.room(dtype, like.shape());
        counts = pictures == null ? null : program.room(DType.I64, like.size(0));
        used = pictures == null ? null : program.room(DType.BOOL, like.size(0), 1, 1);
        for (int i = 0; i < transformer.layers().size(); i++) {
            record(transformer.layers().get(i), state, i);
        }
        transformer.outputNorm().record(program, x, hidden);
    }

    private void record(TemporalLayer layer, AttentionState state, int index) {
        layer.attentionNorm().record(program, x, normalized);
        layer.attention().record(program, normalized, plan.rotations(), state.ring(index), plan.window(), added);
        program.add(added, x);
        if (pictures != null) {
            Tensor mean = program.room(x.dtype(), x.size(0), 1, 1);
            layer.crossNorm().record(program, x, normalized);
            layer.crossAttention().record(program, normalized, pictures, counts, added);
            layer.gate().record(program, x, added, used, mean);
            gateMeans.add(mean);
        }
        layer.feedForwardNorm().record(program, x, normalized);
        layer.feedForward().record(program, normalized, added);
        program.add(added, x);
    }

    /** Tells whether all of a transformer has kernels for rows like its input [B, 1, D]. */
    static boolean fits(TemporalTransformer transformer, Tensor like, KeysValues pictures) {
        DType dtype = like.dtype();
        long rows = like.size(0);
        return transformer.outputNorm().isRecorded(dtype)
                && transformer.layers().stream()
                        .allMatch(layer -> layer.attentionNorm().isRecorded(dtype)
                                && layer.attention().isRecorded(dtype, rows)
                                && layer.feedForwardNorm().isRecorded(dtype)
                                && layer.feedForward().isRecorded(dtype, rows)
                                && (pictures == null
                                        || layer.crossNorm().isRecorded(dtype)
                                                && layer.crossAttention().isRecorded(dtype, rows)
                                                && layer.gate().isRecorded(dtype, rows)));
    }

    /**
     * Takes a step.
     *
     * @param input [B, 1, D]
     * @param state the rings it was made for
     * @param step the plan
     * @param image what the rows see; null if there are no pictures
     * @return after the output norm, [B, 1, D], in the open scope
     */
    Tensor run(Tensor input, AttentionState state, AttentionPlan step, ImageWindow image) {
        x.copyFrom(input);
        plan.show(step, state);
        if (image != null) {
            counts.copyFrom(image.counts());
            if (image.used() == null) {
                used.fill(1);
            } else {
                used.copyFrom(image.used());
            }
        }
        program.run();
        return hidden.copy();
    }

    /** Means of the gates of each layer in the last run, [B, 1, 1]; none without pictures. */
    List<Tensor> gateMeans() {
        return gateMeans;
    }

    @Override
    public void close() {
        program.close();
    }
}
