package io.github.moshivis.train.model;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;

/**
 * One layer of the temporal transformer over a whole sequence: self-attention, a gated look at the picture, a gated feed-forward network.
 *
 * @param crossNorm null in a model without pictures
 * @param cross shared by all layers; null in a model without pictures
 * @param gateInput [D] -> [G]; null in a model without pictures
 * @param gateOutput [G] -> [D]; null in a model without pictures
 */
record BackboneLayer(
        RootNorm attentionNorm,
        CausalAttention attention,
        RootNorm crossNorm,
        PictureAttention cross,
        Projection gateInput,
        Projection gateOutput,
        RootNorm feedForwardNorm,
        GatedNetwork feedForward) {
    /** The gate starts nearly closed: sigmoid(-4) is 0.018. */
    private static final double GATE_SHIFT = -4.0;

    static BackboneLayer of(Layers part, LmConfig config, PictureAttention cross) {
        long dim = config.dim();
        RmsNorm.Spec norm = RmsNorm.Spec.MEAN_OF_SQUARES;
        return new BackboneLayer(
                part.rootNorm("attention.norm", dim, norm),
                new CausalAttention(
                        part.matrix("attention.input", 3 * dim, dim),
                        part.matrix("attention.output", dim, dim),
                        config.heads()),
                cross == null ? null : part.rootNorm("cross.norm", dim, norm),
                cross,
                cross == null ? null : part.matrix("gate.input", config.gateHidden(), dim),
                cross == null ? null : part.matrix("gate.output", dim, config.gateHidden()),
                part.rootNorm("feedForward.norm", dim, norm),
                GatedNetwork.of(part, dim, config.hidden()));
    }

    /**
     * Passes a sequence through.
     *
     * @param x [B, T, D]
     * @param keysValues of the pictures, [B, N, 2D]; null if no row sees one
     * @return the residual stream [B, T, D], and the mean gate F32 [B, T], zero where no picture is seen; without pictures the
     *     stream alone
     */
    Tensor[] forward(Tensor x, CausalSequence sequence, Tensor keysValues, Pictures pictures) {
        Tensor attended = x.add(attention.forward(attentionNorm.forward(x), sequence));
        if (keysValues == null) {
            return new Tensor[] {feed(attended)};
        }
        Tensor seen = cross.forward(crossNorm.forward(attended), keysValues, pictures.visible());
        Tensor gate = SequenceOps.sigmoid(
                gateOutput.forward(SequenceOps.relu(gateInput.forward(seen))).add(GATE_SHIFT));
        Tensor shown = choose(pictures, seen.mul(gate));
        Tensor open = choose(pictures, Ops.mean(gate.to(DType.F32), -1)); // [B, T, D] -> [B, T, 1]
        return new Tensor[] {feed(attended.add(shown)), open.select(-1, 0)};
    }

    private static Tensor choose(Pictures pictures, Tensor x) {
        return pictures.looks() == null ? x : Ops.where(pictures.looks(), x, 0.0);
    }

    private Tensor feed(Tensor x) {
        return x.add(feedForward.forward(feedForwardNorm.forward(x)));
    }
}
