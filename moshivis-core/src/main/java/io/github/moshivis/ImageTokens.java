package io.github.moshivis;

/**
 * What a picture is to a model: rows of numbers, see {@link io.github.moshivis.io.Image#features}.
 *
 * @param most how many tokens the largest picture has that the model was loaded for
 * @param width how many numbers a token has
 */
public record ImageTokens(int most, int width) {}
