package io.github.moshivis.client;

import io.github.moshivis.errors.MoshiVisException;

/** The other side sent bytes that are not a message of the protocol. The connection can continue. */
public final class MalformedMessageException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }

    MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
