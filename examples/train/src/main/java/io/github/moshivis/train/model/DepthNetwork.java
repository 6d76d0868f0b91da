package io.github.moshivis.train.model;

import io.github.moshivis.layout.DepthConfig;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The depth transformer with all of its sub-steps at once, at positions that do not depend on each other: sub-step s attends to 0..s.
 *
 * <p>Letters: n positions, K sub-steps, d width, H heads.
 */
record DepthNetwork(List<Step> steps, int heads) {
    /**
     * The weights of one sub-step.
     *
     * @param input [D] -> [d]
     * @param table of the token before, [entries, d]
     * @param head [d] -> [entries of a codebook]
     */
    record Step(Projection input, Table table, List<Layer> layers, Projection head) {}

    /** One layer of one sub-step. */
    record Layer(
            RootNorm attentionNorm,
            Projection input,
            Projection output,
            RootNorm feedForwardNorm,
            GatedNetwork feedForward) {}

    static DepthNetwork of(Layers root, LmConfig config, RmsNorm.Spec norm) {
        DepthConfig depth = config.depth();
        List<Step> steps = new ArrayList<>();
        for (int s = 0; s < config.modelCodebooks(); s++) {
            Layers part = root.at("depth").at(s);
            List<Layer> layers = new ArrayList<>();
            for (int m = 0; m < depth.layers(); m++) {
                layers.add(layer(part.at("layers").at(m), depth, norm));
            }
            long entries = 1L + (s == 0 ? config.textCard() : config.audioCard());
            steps.add(new Step(
                    part.matrix("input", depth.dim(), config.dim()),
                    new Table(part.tensor("embedding", entries, depth.dim())),
                    List.copyOf(layers),
                    part.matrix("head", config.audioCard(), depth.dim())));
        }
        return new DepthNetwork(List.copyOf(steps), depth.heads());
    }

    private static Layer layer(Layers part, DepthConfig depth, RmsNorm.Spec norm) {
        long dim = depth.dim();
        return new Layer(
                part.rootNorm("attention.norm", dim, norm),
                part.matrix("attention.input", 3 * dim, dim),
                part.matrix("attention.output", dim, dim),
                part.rootNorm("feedForward.norm", dim, norm),
                GatedNetwork.of(part, dim, depth.hidden()));
    }

    /**
     * Predicts the codes of some positions.
     *
     * @param hidden output of the temporal transformer, [n, D]
     * @param tokens text token and codes that the sub-steps are fed with, I64 [n, 1 + K]; the last one is not read
     * @param recomputation of this step
     * @return for each sub-step the logits, [n, entries]
     */
    List<Tensor> forward(Tensor hidden, Tensor tokens, Recomputation recomputation) {
        Tensor visible = causal(hidden.device());
        Tensor[] x = recomputation.run(in -> embed(in[0], tokens), hidden);
        for (int m = 0; m < steps.get(0).layers().size(); m++) {
            int index = m;
            x = recomputation.run(in -> forward(index, in, visible), x);
        }
        List<Tensor> logits = new ArrayList<>();
        for (int s = 0; s < x.length; s++) {
            logits.add(steps.get(s).head().forward(x[s]));
        }
        return logits;
    }

    /** The inputs of all sub-steps, [n, d] each. */
    private Tensor[] embed(Tensor hidden, Tensor tokens) {
        Tensor[] x = new Tensor[steps.size()];
        for (int s = 0; s < x.length; s++) {
            Step step = steps.get(s);
            x[s] = step.input().forward(hidden).add(step.table().forward(tokens.select(1, s), hidden.dtype()));
        }
        return x;
    }

    /** One layer of all sub-steps, [n, d] each. */
    private Tensor[] forward(int index, Tensor[] x, Tensor visible) {
        long positions = x[0].size(0);
        long dim = x[0].size(1);
        Tensor[] projected = new Tensor[x.length];
        for (int s = 0; s < x.length; s++) {
            Layer layer = steps.get(s).layers().get(index);
            projected[s] = layer.input().forward(layer.attentionNorm().forward(x[s])); // [n, 3d]
        }
        Tensor[] parts = SequenceOps.unbind(
                Ops.stack(1, projected)
                        .view(positions, x.length, 3, heads, dim / heads) // [n, K, 3d] -> [n, K, 3, H, d/H]
                        .permute(2, 0, 3, 1, 4), // -> [3, n, H, K, d/H]
                0);
        Tensor[] attended = SequenceOps.unbind(
                Ops.attention(parts[0], parts[1], parts[2], visible)
                        .permute(2, 0, 1, 3) // [n, H, K, d/H] -> [K, n, H, d/H]
                        .reshape(x.length, positions, dim), // -> [K, n, d]
                0);
        Tensor[] results = new Tensor[x.length];
        for (int s = 0; s < x.length; s++) {
            Layer layer = steps.get(s).layers().get(index);
            Tensor after = x[s].add(layer.output().forward(attended[s]));
            results[s] = after.add(
                    layer.feedForward().forward(layer.feedForwardNorm().forward(after)));
        }
        return results;
    }

    /** BOOL [K, K]: sub-steps that a sub-step sees. */
    private Tensor causal(Device device) {
        int count = steps.size();
        boolean[] visible = new boolean[count * count];
        for (int at = 0; at < count; at++) {
            for (int seen = 0; seen <= at; seen++) {
                visible[at * count + seen] = true;
            }
        }
        return Tensor.of(visible, device).view(count, count);
    }
}
