package io.github.moshivis.train.model;

/**
 * Weights of tokens in a loss.
 *
 * @param textPadding weight of padding in the text stream, and of its end; words have 1
 * @param firstCodebook weight of the first codebook; the others have 1
 * @param audio factor of the mean over all codes, beside that over the text, which has 1; at 0 codes are not predicted at all
 */
public record LossWeights(double textPadding, double firstCodebook, double audio) {
    /** Text and audio count alike, as in moshi-finetune. */
    public LossWeights(double textPadding, double firstCodebook) {
        this(textPadding, firstCodebook, 1);
    }
}
