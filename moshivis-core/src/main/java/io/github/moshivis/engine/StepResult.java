package io.github.moshivis.engine;

/**
 * The result of one user frame, in plain Java.
 *
 * @param step which frame of the conversation, from 0
 * @param userCodes codes of the user's frame that the model read
 * @param heardCodes codes of the user's frame in all codebooks of the codec, those that the model reads first
 * @param imageUsed whether the model looked at a picture in this step
 * @param row the row of output that was due; null in the first steps
 * @param times how long the tick took in which the step was taken
 */
public record StepResult(long step, int[] userCodes, int[] heardCodes, boolean imageUsed, Row row, StageTimes times) {
    /**
     * A row of output.
     *
     * @param textToken the text token
     * @param codes the model's own codes of a frame; empty for speech to text
     * @param gate mean gate of this step
     * @param pauses what each pause head gives to its first class; empty for a model without
     * @param pcm the frame's samples; empty for speech to text
     */
    public record Row(int textToken, int[] codes, float gate, float[] pauses, float[] pcm) {}
}
