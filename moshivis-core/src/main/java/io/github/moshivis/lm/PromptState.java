package io.github.moshivis.lm;

import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/**
 * State of the temporal transformer after a prompt, computed once, in pieces of a few steps, and copied into a slot for each conversation
 * that starts with it. All streams of a prompt are given, so neither the text head nor the depth transformer runs.
 */
public final class PromptState implements AutoCloseable {
    /** Steps of a piece: as many rows as the products for few rows take at once. */
    static final int PIECE = 8;

    private final LanguageModel model;
    private final Prompt prompt;
    private final Device device;
    private final AttentionState attention;
    private int done;

    PromptState(LanguageModel model, Prompt prompt, int layers, int heads, int headDim, DType dtype, Device device) {
        this.model = model;
        this.prompt = prompt;
        this.device = device;
        this.attention =
                new AttentionState(1, layers, heads, Math.max(1, prompt.steps()), PIECE, headDim, dtype, device);
    }

    /**
     * Computes one piece.
     *
     * @return whether there is more to do
     */
    public boolean advance() {
        try (Scope scope = Scope.open()) {
            next();
        }
        return done < prompt.steps();
    }

    /** Computes one piece: the output of its steps, [N, D], in the open scope. */
    Tensor next() {
        int count = Math.min(PIECE, prompt.steps() - done);
        TemporalTransformer temporal = model.temporal();
        Tensor x = Ops.cat(0, inputs(count)).unsqueeze(0); // [N, D] -> [1, N, D]
        Tensor hidden = temporal.forward(x, attention, temporal.plan(attention, Rows.all(device, 1), count), null)
                .hidden();
        done += count;
        return hidden.select(0, 0);
    }

    /** The inputs of the next steps: embeddings [M, D], if any, and embedded columns [N - M, D], if any. */
    private Tensor[] inputs(int count) {
        int embedded = Math.max(0, Math.min(count, prompt.embeddedSteps() - done));
        Tensor[] stored = embedded == 0 ? new Tensor[0] : new Tensor[] {embeddings(done, embedded)};
        if (embedded == count) {
            return stored;
        }
        Tensor columns = model.embed(columns(done + embedded, count - embedded));
        return embedded == 0 ? new Tensor[] {columns} : new Tensor[] {stored[0], columns};
    }

    private Tensor embeddings(int from, int count) {
        int dim = prompt.embedding(from).length;
        float[] values = new float[count * dim];
        for (int i = 0; i < count; i++) {
            System.arraycopy(prompt.embedding(from + i), 0, values, i * dim, dim);
        }
        return Tensor.of(values, device, count, dim).to(model.dtype());
    }

    private Tensor columns(int from, int count) {
        int streams = prompt.column(from).length;
        long[] values = new long[count * streams];
        for (int i = 0; i < count; i++) {
            System.arraycopy(prompt.column(from + i), 0, values, i * streams, streams);
        }
        return Tensor.of(values, device, count, streams);
    }

    Prompt prompt() {
        return prompt;
    }

    /** The rings of slot 0. */
    AttentionState attention() {
        return attention;
    }

    @Override
    public void close() {
        attention.close();
    }
}
