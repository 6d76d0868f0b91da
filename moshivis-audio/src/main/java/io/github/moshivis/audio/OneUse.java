package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks and errors of sources and sinks that are opened once, used, and closed. */
final class OneUse {
    private OneUse() {}

    /**
     * Checks in {@code open()} that a source or sink is new.
     *
     * @param used whether it was opened or closed before
     * @param subject such as "WAV file /tmp/a.wav"
     * @param kind such as "source"
     */
    static void checkNew(boolean used, String subject, String kind) {
        if (used) {
            throw new IllegalStateException(
                    "The " + subject + " was opened before; make a new " + kind + " for each use");
        }
    }

    /** Checks in {@code read} that a source is open. */
    static void checkReadable(boolean open, String subject) {
        if (!open) {
            throw new IllegalStateException("The " + subject + " is not open; call open() before read()");
        }
    }

    /** Checks in {@code write} that a sink is open and not closed. */
    static void checkWritable(boolean open, boolean closed, String subject) {
        if (closed || !open) {
            throw new IllegalStateException("The " + subject + " is " + (closed ? "closed" : "not open")
                    + " and takes no samples; write between open() and close()");
        }
    }

    /**
     * Opens a file for reading.
     *
     * @param format such as "WAV", for the message
     */
    static InputStream openToRead(String format, Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a directory");
            }
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new MediaException(
                    "Cannot open the " + format + " file " + file + ": found " + e
                            + ", expected a readable file; check the path",
                    e);
        }
    }

    /** Returns the error of a file that cannot be opened for writing. */
    static MediaException cannotWrite(String format, Path file, IOException cause) {
        return new MediaException(
                "Cannot write the " + format + " file: found " + cause.getMessage()
                        + ", expected a file that may be written in a directory that exists; check the path " + file,
                cause);
    }
}
