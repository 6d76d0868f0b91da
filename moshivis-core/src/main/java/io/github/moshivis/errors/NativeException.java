package io.github.moshivis.errors;

import org.jspecify.annotations.Nullable;

/** A native library (LibTorch, libopus) is missing, cannot be loaded, or failed: the message names the dependency or the setting to change. */
public final class NativeException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, what was found, what was expected, what to do
     */
    public NativeException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public NativeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
