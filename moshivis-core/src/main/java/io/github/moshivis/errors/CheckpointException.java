package io.github.moshivis.errors;

import org.jspecify.annotations.Nullable;

/** A model file is missing, damaged, or not what it claims to be: replace or convert the file. */
public final class CheckpointException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, what was found, what was expected, what to do
     */
    public CheckpointException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public CheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
