package io.github.moshivis.lm;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Tokens of a step that a prompt gave: the delayed streams of its last frame reach into the first step of the conversation.
 *
 * @param mask which are given, BOOL [B, 1 + K]; null if none is
 * @param tokens I64 [B, 1 + K], undefined where none is given
 */
record GivenTokens(Tensor mask, Tensor tokens) {
    static final GivenTokens NONE = new GivenTokens(null, null);

    /** The given token of a stream where there is one, else the chosen one, I64 [B]. */
    Tensor keep(int stream, Tensor chosen) {
        return mask == null ? chosen : Ops.where(mask.select(1, stream), tokens.select(1, stream), chosen);
    }
}
