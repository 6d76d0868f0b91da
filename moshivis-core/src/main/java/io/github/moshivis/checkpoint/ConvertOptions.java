package io.github.moshivis.checkpoint;

import io.github.moshivis.io.ProgressListener;
import java.util.Objects;

/**
 * Options of converting a checkpoint. Immutable; every method returns a copy.
 *
 * @param overwrite whether files of the same names may be replaced; others in the directory stay
 * @param progress hears of each file with weights, in bytes, from the thread that converts
 */
public record ConvertOptions(boolean overwrite, ProgressListener progress) {
    private static final ConvertOptions DEFAULTS = new ConvertOptions(false, ProgressListener.NONE);

    /**
     * Checks that nothing is null.
     *
     * @param overwrite whether files of the same names may be replaced
     * @param progress hears of each file with weights
     */
    public ConvertOptions {
        Objects.requireNonNull(progress, "progress");
    }

    /**
     * The defaults: existing files are not overwritten, progress is not reported.
     *
     * @return the defaults
     */
    public static ConvertOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets whether files may be replaced.
     *
     * @param value true if so
     * @return a copy
     */
    public ConvertOptions overwrite(boolean value) {
        return new ConvertOptions(value, progress);
    }

    /**
     * Sets who hears of it.
     *
     * @param listener called from the thread that converts
     * @return a copy
     */
    public ConvertOptions progress(ProgressListener listener) {
        return new ConvertOptions(overwrite, listener);
    }
}
