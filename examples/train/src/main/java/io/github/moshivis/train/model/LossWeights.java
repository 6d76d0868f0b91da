package io.github.moshivis.train.model;

/**
 * Weights of tokens in a loss.
 *
 * @param textPadding weight of padding in the text stream, and of its end; words have 1
 * @param firstCodebook weight of the first codebook; the others have 1
 */
public record LossWeights(double textPadding, double firstCodebook) {}
