package io.github.moshivis.programs;

import java.nio.file.Path;

/**
 * A bundled model with a spoken question and a picture, with which every command works without a download. Files are unpacked on demand.
 * Used by one thread.
 */
public interface Demo {
    /**
     * Unpacks the model, once.
     *
     * @return the model's directory
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    Path model();

    /**
     * Unpacks the question, once.
     *
     * @return a WAV file
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    Path clip();

    /**
     * Unpacks the picture, once.
     *
     * @return a PNG file
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    Path picture();

    /**
     * Returns the silence after the question, for the answer.
     *
     * @return seconds
     */
    double tailSeconds();
}
