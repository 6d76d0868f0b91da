package io.github.moshivis.errors;

import org.jspecify.annotations.Nullable;

/** Files could not be fetched from a model hub: check the network, the name, or the access token, and try again. */
public final class HubException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, what was found, what was expected, what to do
     */
    public HubException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public HubException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
