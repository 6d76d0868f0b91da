package io.github.moshivis.lm;

import io.github.moshivis.nn.GatedFeedForward;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.nn.SelfAttention;
import io.github.moshivis.stream.KvRing;
import io.github.moshivis.stream.RingWindow;
import io.github.moshivis.tensor.Tensor;

/**
 * One layer of the temporal transformer: self-attention, a gated look at the picture, a gated feed-forward network, each on the
 * normalized residual stream. Follows {@code kyuteye/modules/transformer.py}.
 *
 * @param crossNorm null in a model without pictures
 * @param crossAttention shared by all layers; null in a model without pictures
 * @param gate null in a model without pictures
 */
record TemporalLayer(
        RmsNorm attentionNorm,
        SelfAttention attention,
        RmsNorm crossNorm,
        CrossAttention crossAttention,
        ImageGate gate,
        RmsNorm feedForwardNorm,
        GatedFeedForward feedForward) {

    /**
     * The output of a layer.
     *
     * @param hidden the residual stream, [B, 1, D]
     * @param gateMean mean of the gate over channels, [B, 1, 1], zero in rows that look at no picture; null if none does
     */
    record Output(Tensor hidden, Tensor gateMean) {}

    Output forward(Tensor x, Tensor rotations, KvRing ring, RingWindow window, ImageWindow image) {
        Tensor hidden = attention
                .forward(attentionNorm.forward(x), rotations, ring, window)
                .addInPlace(x);
        Tensor gateMean = null;
        if (image != null) {
            Tensor seen = crossAttention.forward(crossNorm.forward(hidden), image);
            gateMean = gate.add(hidden, seen, image);
        }
        return new Output(feedForward.forward(feedForwardNorm.forward(hidden)).addInPlace(hidden), gateMean);
    }
}
