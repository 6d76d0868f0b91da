package io.github.moshivis;

/**
 * Shape of the features that a model takes for a picture, see {@link io.github.moshivis.io.Image#features}.
 *
 * @param maxTokens number of tokens (rows) of the largest picture that the model was loaded for
 * @param width number of values in one token
 */
public record ImageFeatures(int maxTokens, int width) {}
