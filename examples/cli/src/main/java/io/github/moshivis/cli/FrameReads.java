package io.github.moshivis.cli;

import io.github.moshivis.load.WeightReads;

/**
 * Bytes read by one frame of all conversations, by kind: weights once, keys and values once per conversation.
 *
 * @param encode weights of the codec's encoder
 * @param temporal weights of the temporal transformer, those for pictures included if there is one
 * @param depth weights of the depth transformer
 * @param decode weights of the codec's decoder
 * @param ring keys and values of past steps
 * @param picture keys and values of pictures, read by each layer
 */
record FrameReads(long encode, long temporal, long depth, long decode, long ring, long picture) {
    /**
     * Counts.
     *
     * @param reads of the model
     * @param conversations number of conversations
     * @param steps past steps that a frame attends to, in the middle of the measurement
     * @param imageTokens tokens of each conversation's picture; 0 for none
     */
    static FrameReads of(WeightReads reads, int conversations, long steps, long imageTokens) {
        return new FrameReads(
                reads.encode(),
                reads.temporal() + (imageTokens > 0 ? reads.looking() : 0),
                reads.depth(),
                reads.decode(),
                conversations * Math.min(reads.context(), steps) * reads.position(),
                conversations * imageTokens * reads.position());
    }

    long codec() {
        return encode + decode;
    }

    long weights() {
        return temporal + depth;
    }

    long total() {
        return codec() + weights() + ring + picture;
    }
}
