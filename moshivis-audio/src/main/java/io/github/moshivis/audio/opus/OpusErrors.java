package io.github.moshivis.audio.opus;

import io.github.moshivis.errors.MediaException;

/** Errors of this package. */
public final class OpusErrors {
    private OpusErrors() {}

    /**
     * Returns the error of unreadable audio.
     *
     * @param name the file or stream
     * @param found what was found
     * @param expected what was expected
     * @param remedy what to do
     * @return the exception to throw
     */
    public static MediaException bad(String name, String found, String expected, String remedy) {
        return new MediaException("Cannot read the Opus sound of " + name + ": found " + found + ", expected "
                + expected + "; " + remedy);
    }
}
