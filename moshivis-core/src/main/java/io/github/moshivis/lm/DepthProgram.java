package io.github.moshivis.lm;

import io.github.moshivis.lm.DepthTransformer.Layer;
import io.github.moshivis.lm.DepthTransformer.Slice;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The sub-steps of a {@link DepthTransformer} as programs of kernels, for one number of rows. Made for one state; owns its memory. */
final class DepthProgram implements AutoCloseable {
    private final DepthTransformer transformer;
    private final KernelProgram rooms = new KernelProgram();
    private final Tensor temporal; // [B, D]
    private final Tensor previous; // I64 [B]
    private final Tensor normalized; // [B, d]
    private final Tensor projected; // [B, 3 d]
    private final Tensor attended; // [B, d]
    private final Tensor added; // [B, d]
    private final List<KernelProgram> steps = new ArrayList<>();
    private final List<Tensor> logits = new ArrayList<>(); // [B, entries]

    /**
     * Records all sub-steps.
     *
     * @param transformer see {@link #fits}
     * @param cache keys and values, which have a kernel
     * @param like the temporal transformer's output [B, D]: its shape and type count
     */
    DepthProgram(DepthTransformer transformer, DepthCache cache, Tensor like) {
        this.transformer = transformer;
        long rows = like.size(0);
        DType dtype = like.dtype();
        long dim = transformer.slices().get(0).embedding().table().size(1);
        temporal = rooms.room(dtype, like.shape());
        previous = rooms.room(DType.I64, rows);
        normalized = rooms.room(dtype, rows, dim);
        projected = rooms.room(dtype, rows, 3 * dim);
        attended = rooms.room(dtype, rows, dim);
        added = rooms.room(dtype, rows, dim);
        Tensor x = rooms.room(dtype, rows, dim);
        for (int step = 0; step < transformer.slices().size(); step++) {
            KernelProgram program = rooms.sibling();
            Slice slice = transformer.slices().get(step);
            slice.input().record(program, temporal, x);
            program.lookUp(slice.embedding().table(), previous, added);
            program.add(added, x);
            for (int i = 0; i < slice.layers().size(); i++) {
                record(slice.layers().get(i), program, cache, i, step, x);
            }
            Tensor results = rooms.room(dtype, rows, slice.head().out());
            slice.head().record(program, x, results);
            steps.add(program);
            logits.add(results);
        }
    }

    private void record(Layer layer, KernelProgram program, DepthCache cache, int index, int step, Tensor x) {
        layer.attentionNorm().record(program, x, normalized);
        layer.input().record(program, normalized, projected);
        cache.record(index, step, program, projected, attended);
        layer.output().record(program, attended, added);
        program.add(added, x);
        layer.feedForwardNorm().record(program, x, normalized);
        layer.feedForward().record(program, normalized, added);
        program.add(added, x);
    }

    /** Tells whether all of a transformer has kernels for rows like the temporal transformer's output [B, D]. */
    static boolean fits(DepthTransformer transformer, DepthCache cache, Tensor like) {
        long rows = like.size(0);
        DType dtype = like.dtype();
        boolean fits = cache.hasKernel();
        for (Slice slice : transformer.slices()) {
            fits &= slice.input().isRecorded(dtype, rows)
                    && slice.head().isRecorded(dtype, rows)
                    && slice.embedding().table().dtype() == dtype;
            for (Layer layer : slice.layers()) {
                fits &= layer.attentionNorm().isRecorded(dtype)
                        && layer.input().isRecorded(dtype, rows)
                        && layer.output().isRecorded(dtype, rows)
                        && layer.feedForwardNorm().isRecorded(dtype)
                        && layer.feedForward().isRecorded(dtype, rows);
            }
        }
        return fits;
    }

    boolean isOf(DepthTransformer other) {
        return transformer == other;
    }

    /** Begins a frame with the temporal transformer's output, [B, D]. */
    void begin(Tensor output) {
        temporal.copyFrom(output);
    }

    /**
     * Computes a sub-step.
     *
     * @param step which, after those before it
     * @param tokens input tokens, I64 [B]
     * @return [B, entries], valid until the next frame
     */
    Tensor run(int step, Tensor tokens) {
        previous.copyFrom(tokens);
        steps.get(step).run();
        return logits.get(step);
    }

    @Override
    public void close() {
        rooms.close();
    }
}
