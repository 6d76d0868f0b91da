package io.github.moshivis.train.data;

/**
 * A row of training data.
 *
 * @param codes [S][T], text first, then the model's codebooks, then the user's; -1 where there is no token
 * @param image tokens of the picture from the image encoder, [N C], before projection and norm; null for none
 */
public record Dialogue(long[][] codes, float[] image) {}
