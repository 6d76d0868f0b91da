package io.github.moshivis.plugin.tensor;

import io.github.moshivis.io.Image;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.WeightReader;

/**
 * Encodes pictures as features for the language model's cross-attention. Weights are immutable and owned by their loader. Preparing is
 * plain Java and may happen on any thread; encoding belongs to the inference thread.
 */
public interface ImageEncoder {
    /**
     * The size the encoder was trained with, in pixels a side.
     *
     * @return 448 for the released model
     */
    int defaultImageSize();

    /**
     * Returns the number of tokens of a picture.
     *
     * @param imageSize pixels a side
     * @return the number of tokens
     * @throws IllegalArgumentException if the encoder cannot take pictures of that size
     */
    int tokens(int imageSize);

    /**
     * Decodes, resizes and normalizes a picture.
     *
     * @param image the picture
     * @param imageSize pixels a side that it is resized to, without regard to its aspect ratio
     * @param centerCrop whether it is cut to the square in its middle first
     * @return plain numbers
     * @throws io.github.moshivis.errors.MediaException if the picture cannot be decoded
     */
    Prepared prepare(Image image, int imageSize, boolean centerCrop);

    /**
     * A picture ready to be encoded.
     *
     * @param pixels normalized, [3, size, size], row by row
     * @param size pixels a side
     */
    record Prepared(float[] pixels, int size) {}

    /**
     * Starts to encode a picture. Work is done by {@link Encoding#advance}, a piece at a time, so that ticks can run in between.
     *
     * @param prepared the picture
     * @return the work, owned by the caller
     */
    Encoding begin(Prepared prepared);

    /** A picture being encoded. */
    interface Encoding extends AutoCloseable {
        /**
         * Does one piece of work, so short that conversations can wait for it: see {@link io.github.moshivis.nn.RowBlock}.
         *
         * @return whether there is more to do
         */
        boolean advance();

        /**
         * The result, once {@link #advance} has returned false.
         *
         * @return [1, N, D] in the encoder's type, in the scope of the caller
         * @throws IllegalStateException if there is more to do
         */
        Tensor features();

        /** Frees what the work holds. Idempotent. */
        @Override
        void close();
    }

    /** Loads an encoder; implemented by moshivis-vision. */
    interface Provider {
        /**
         * Builds the encoder, its projection and norm over weights, which must outlive it.
         *
         * @param weights at {@code image.}, read as the type to compute in
         * @param config the sizes
         * @param imageNorm the norm after the projection
         * @return the encoder
         */
        ImageEncoder load(WeightReader weights, ModelConfig config, RmsNorm.Spec imageNorm);
    }
}
