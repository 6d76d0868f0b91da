package io.github.moshivis;

import java.util.Optional;

/**
 * The model's response to one user frame. The first frames of a conversation bring no output: the model's audio streams are delayed against
 * each other, so its first frame is complete one step later.
 *
 * @param step which frame of the user, from 0
 * @param userCodes codes of the user's frame; not to be changed
 * @param imageUsed whether the model looked at a picture in this step
 * @param times how long the step took
 * @param output the frame of the model that is complete now, if one is
 */
public record Reply(long step, int[] userCodes, boolean imageUsed, Times times, Optional<Output> output) {
    /**
     * A frame of the model.
     *
     * @param pcm 1920 samples, 24 kHz mono, nominally in [-1, 1]; not to be changed
     * @param text what it says in words
     * @param audioTokens the codes of its speech; not to be changed
     */
    public record Output(float[] pcm, TextPiece text, int[] audioTokens) {}

    /**
     * Duration of a step in nanoseconds. The step is shared by all conversations that had a frame at the time. On a GPU, where work is
     * launched and not awaited, all but the total are launch times, and 0 in a step that is replayed as a whole.
     *
     * @param encode turning the user's speech into codes
     * @param temporal the temporal transformer, up to the text token
     * @param depth the depth transformer
     * @param decode turning codes into speech
     * @param total the whole step
     */
    public record Times(long encode, long temporal, long depth, long decode, long total) {}
}
