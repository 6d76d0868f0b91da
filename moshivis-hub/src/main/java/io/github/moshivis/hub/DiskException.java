package io.github.moshivis.hub;

import java.io.IOException;

/** Bytes could not be stored or read back: asking the network again does not help. */
final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
