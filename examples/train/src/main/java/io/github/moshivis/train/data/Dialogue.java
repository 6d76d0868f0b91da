package io.github.moshivis.train.data;

/**
 * A row of training data.
 *
 * @param codes [S][T], text first, then the model's codebooks, then the user's; -1 where there is no token
 * @param heard the same as the model reads them: some may be wrong
 * @param image tokens of the picture from the image encoder, [N C], before projection and norm; null for none
 */
public record Dialogue(long[][] codes, long[][] heard, float[] image) {
    /** A row that the model reads as it is. */
    public Dialogue(long[][] codes, float[] image) {
        this(codes, codes, image);
    }

    /** The same row with other codes to read. */
    public Dialogue heardAs(long[][] heard) {
        return new Dialogue(codes, heard, image);
    }
}
