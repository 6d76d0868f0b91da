package io.github.moshivis.errors;

import org.jspecify.annotations.Nullable;

/** Root of all failures that are not the caller's mistake. */
public class MoshiVisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, what was found, what was expected, what to do
     */
    public MoshiVisException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public MoshiVisException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
