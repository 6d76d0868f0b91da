package io.github.moshivis.errors;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model file is missing, damaged, or not what it claims to be: replace or convert the file. */
public final class CheckpointException extends MoshiVisException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, what was found, what was expected, what to do
     */
    public CheckpointException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, what was found, what was expected, what to do
     * @param cause the failure underneath, or null
     */
    public CheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * An exception that says why a file or directory could not be written: its place, or the interruption of the writing thread.
     *
     * @param what its kind, such as {@code configuration}
     * @param place its path
     * @param cause the failure underneath
     * @return the exception, to be thrown
     */
    public static CheckpointException notWritten(String what, Path place, IOException cause) {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(cause, "cause");
        String subject = what + " " + place.toAbsolutePath();
        if (cause instanceof FileAlreadyExistsException) {
            return new CheckpointException(
                    "Cannot write " + subject + ": found a file or a symbolic link that leads nowhere at "
                            + cause.getMessage() + ", expected a directory or nothing there. Choose another place.",
                    cause);
        }
        return new CheckpointException(
                cause instanceof ClosedByInterruptException
                        ? "Interrupted while writing " + subject + ". Write it again"
                        : "Cannot write " + subject + ": found " + cause
                                + ", expected a writable directory with enough space. Free space or choose another place.",
                cause);
    }
}
