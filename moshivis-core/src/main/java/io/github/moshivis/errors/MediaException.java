package io.github.moshivis.errors;

import org.jspecify.annotations.Nullable;

/** A picture or a sound cannot be read or written: use another file, format or device. */
public final class MediaException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, what was found, what was expected, what to do
     */
    public MediaException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public MediaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
