package io.github.moshivis.lm;

/**
 * Numbers of the choice of one conversation's tokens in a step; their ranges are checked where users set them. The modifiers of
 * text act in this order: repetition penalty on logits, gate influence on the temperature, pad multiplier on probabilities. A
 * greedy choice knows the repetition penalty only.
 *
 * @param text choice of text tokens
 * @param audio choice of codes
 * @param repetitionPenalty divides logits of at least 0, and multiplies others, of recent text tokens; 1 changes nothing
 * @param repetitionContext number of recent text tokens, 0 to {@link #MAX_REPETITION_CONTEXT}; padding does not count
 * @param padMultiplier the probability of padding is multiplied by the exponential of this; 0 changes nothing
 * @param gateInfluence factor of the image gate's effect on the text temperature; 0 changes nothing
 */
public record Controls(
        Sampling text,
        Sampling audio,
        double repetitionPenalty,
        int repetitionContext,
        double padMultiplier,
        double gateInfluence) {
    /** Number of text tokens that a slot remembers. */
    public static final int MAX_REPETITION_CONTEXT = TextHistory.LENGTH;

    /** Always the most likely, nothing modified. */
    public static final Controls GREEDY = new Controls(Sampling.GREEDY, Sampling.GREEDY, 1, 0, 0, 0);
}
