package io.github.moshivis.programs;

import java.nio.file.Path;

/**
 * A bundled model with a spoken question and a picture, with which every command works without a download. Nothing is unpacked before it
 * is asked for. Used by one thread.
 */
public interface Demo {
    /**
     * Unpacks the model, unless it was before.
     *
     * @return the model's directory
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    Path model();

    /**
     * Unpacks the question, unless it was before.
     *
     * @return a WAV file
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    Path clip();

    /**
     * Unpacks the picture, unless it was before.
     *
     * @return a PNG file
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    Path picture();

    /**
     * Returns the silence that follows the question, in which the model can answer.
     *
     * @return seconds
     */
    double tailSeconds();
}
