package io.github.moshivis.server.chat;

/** A connection's query is invalid; the message is for the caller. */
public final class BadQueryException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was found, and expected
     */
    public BadQueryException(String message) {
        super(message);
    }
}
