package io.github.moshivis.audio.opus;

import io.github.moshivis.errors.MediaException;
import java.nio.charset.StandardCharsets;

/** Errors of this package. */
public final class OpusErrors {
    /** Codecs begin their first packet with their names. */
    private static final int SHOWN_BYTES = 8;

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

    /**
     * Returns the error of a stream without a head.
     *
     * @param name the file or stream
     * @param other first page of a stream of another codec; null for none
     * @param found what was found if there is none
     * @param remedy what to do then
     * @return the exception to throw
     */
    public static MediaException noHead(String name, OggPage other, String found, String remedy) {
        String expected = "\"OpusHead\" in the first page";
        if (other == null) {
            return bad(name, found, expected, remedy);
        }
        int shown = Math.min(SHOWN_BYTES, other.body().length);
        String codec = new String(other.body(), 0, shown, StandardCharsets.US_ASCII).replaceAll("[^ -~]", "?");
        return bad(name, "Ogg with something else (\"" + codec + "\")", expected, "convert it to Opus");
    }
}
