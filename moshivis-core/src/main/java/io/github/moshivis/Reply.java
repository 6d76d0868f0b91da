package io.github.moshivis;

import java.util.Optional;

/**
 * What one frame of the user brought. The first frames of a conversation bring no output: the model's audio streams are delayed
 * against each other, so its first frame is complete one step later.
 *
 * @param step which frame of the user, from 0
 * @param userCodes what the codec heard; not to be changed
 * @param imageUsed whether the model looked at a picture in this step
 * @param output the frame of the model that is complete now, if one is
 */
public record Reply(long step, int[] userCodes, boolean imageUsed, Optional<Output> output) {
    /**
     * A frame of the model.
     *
     * @param pcm 1920 samples, 24 kHz mono, nominally in [-1, 1]; not to be changed
     * @param text what it says in words
     * @param audioTokens the codes of its speech; not to be changed
     */
    public record Output(float[] pcm, TextPiece text, int[] audioTokens) {}
}
