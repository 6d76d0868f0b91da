package io.github.moshivis.audio.opus;

import io.github.moshivis.errors.MediaException;

/** The one form of this package's complaints. */
public final class OpusErrors {
    private OpusErrors() {}

    /**
     * Sound that cannot be read.
     *
     * @param name what it is: a file, a stream
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
