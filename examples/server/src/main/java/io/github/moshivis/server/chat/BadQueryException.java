package io.github.moshivis.server.chat;

/** A connection's query cannot be read; the message says why, for the caller. */
final class BadQueryException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadQueryException(String message) {
        super(message);
    }
}
