package io.github.moshivis.lm;

import io.github.moshivis.nn.Embedding;
import io.github.moshivis.nn.GatedFeedForward;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The transformer over codebooks (the reference's "depformer"): K sub-steps a frame, each with weights of its own, each fed with
 * what the one before chose. PersonaPlex has sub-steps for the user's codes too, which are fed with the user's codes: their outputs are
 * logits only. No positions; its keys live for one frame. Follows {@code kyuteye/models/moshivis.py}, {@code
 * forward_depformer}.
 *
 * @param slices the weights of each sub-step
 * @param heads H
 */
record DepthTransformer(List<Slice> slices, int heads) {
    /**
     * The weights of one sub-step.
     *
     * @param input [D] -> [d]
     * @param embedding of the text token (first sub-step) or the code before, [entries, d]
     * @param layers the layers
     * @param head [d] -> [entries of a codebook]
     */
    record Slice(Linear input, Embedding embedding, List<Layer> layers, Linear head) {}

    /** One layer of one sub-step. */
    record Layer(
            RmsNorm attentionNorm,
            Linear input,
            Linear output,
            RmsNorm feedForwardNorm,
            GatedFeedForward feedForward) {}

    /**
     * The output for one frame.
     *
     * @param codes I64 [B, K], the model's own; null if there are none
     * @param logits for each sub-step [B, entries], valid until the state's next step
     */
    record Output(Tensor codes, Tensor[] logits) {
        /** The output of a model without a depth transformer. */
        static final Output NONE = new Output(null, new Tensor[0]);
    }

    /**
     * Speaks one frame.
     *
     * @param temporal the temporal transformer's output, [B, D]
     * @param textToken I64 [B]
     * @param forced tokens that the sub-steps are fed with instead of the sampled ones, I64 [B, 1 + K]; null for none
     * @param user the user's codes at the same position, I64 [B, U], for the last U sub-steps; null if all are the model's own
     * @param cache keys and values of the frame
     * @param choose picks a code I64 [B] from the logits [B, entries] of a sub-step
     */
    Output forward(
            Tensor temporal,
            Tensor textToken,
            Tensor forced,
            Tensor user,
            DepthCache cache,
            BiFunction<Integer, Tensor, Tensor> choose) {
        Tensor[] codes = new Tensor[slices.size() - (user == null ? 0 : (int) user.size(1))];
        Tensor[] logits = new Tensor[slices.size()];
        Tensor previous = forced == null ? textToken : forced.select(1, 0);
        DepthProgram program = cache.program(this, temporal);
        if (program != null) {
            program.begin(temporal);
        }
        for (int step = 0; step < slices.size(); step++) {
            logits[step] = program == null
                    ? logits(slices.get(step), temporal, previous, cache, step)
                    : program.run(step, previous);
            if (step < codes.length) {
                codes[step] = choose.apply(step, logits[step]);
                previous = forced == null ? codes[step] : forced.select(1, step + 1);
            } else {
                previous = user.select(1, step - codes.length);
            }
        }
        return new Output(Ops.stack(1, codes), logits);
    }

    /** One sub-step: [B, D] and I64 [B] -> [B, entries]. */
    private Tensor logits(Slice slice, Tensor temporal, Tensor previous, DepthCache cache, int step) {
        Tensor x = slice.input().forward(temporal).addInPlace(slice.embedding().forward(previous)); // [B, d]
        for (int i = 0; i < slice.layers().size(); i++) {
            Layer layer = slice.layers().get(i);
            x = attend(layer, layer.attentionNorm().forward(x), cache, i, step).addInPlace(x);
            x = layer.feedForward().forward(layer.feedForwardNorm().forward(x)).addInPlace(x);
        }
        return slice.head().forward(x); // [B, d] -> [B, entries]
    }

    private Tensor attend(Layer layer, Tensor x, DepthCache cache, int index, int step) {
        long rows = x.size(0);
        long dim = x.size(1);
        Tensor all = layer.input().forward(x); // [B, 3d]
        Tensor kernel = cache.attend(index, step, all);
        if (kernel != null) {
            return layer.output().forward(kernel);
        }
        Tensor projected = all.view(rows, 3, heads, 1, dim / heads); // -> [B, 3, H, 1, d/H]
        cache.write(index, step, projected.select(1, 1), projected.select(1, 2));
        Tensor attended = Ops.attention(
                projected.select(1, 0),
                cache.keys(index, rows, step),
                cache.values(index, rows, step),
                null); // [B, H, 1, d/H]
        return layer.output().forward(attended.reshape(rows, dim)); // -> [B, d]
    }
}
