package io.github.moshivis.engine;

/**
 * A frame of the user: sound that the engine's codec encodes, or codes that another codec of the same weights gave.
 *
 * @param samples samples of 80 ms at 24 kHz, not to be changed; null for codes
 * @param codes a code of each codebook, not to be changed; null for samples
 */
public record UserFrame(float[] samples, int[] codes) {
    /**
     * A frame of sound.
     *
     * @param samples samples of 80 ms at 24 kHz; not to be changed afterwards
     * @return the frame
     */
    public static UserFrame of(float[] samples) {
        return new UserFrame(samples, null);
    }

    /**
     * A frame of codes.
     *
     * @param codes a code of each codebook that the model reads; not to be changed afterwards
     * @return the frame
     */
    public static UserFrame of(int[] codes) {
        return new UserFrame(null, codes);
    }
}
