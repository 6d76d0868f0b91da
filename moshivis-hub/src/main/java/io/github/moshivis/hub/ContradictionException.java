package io.github.moshivis.hub;

import java.io.IOException;

/** A server's answer contradicts what the hub said of the file; another one will hardly differ. */
final class ContradictionException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Number of attempts that make sense: the place of a file may have changed once. */
    static final int ATTEMPTS = 3;

    ContradictionException(String message) {
        super(message);
    }
}
