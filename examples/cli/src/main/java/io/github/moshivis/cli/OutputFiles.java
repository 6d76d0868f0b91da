package io.github.moshivis.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Checks output files before long work starts. */
final class OutputFiles {
    private OutputFiles() {}

    /**
     * Checks that a file can be written and replaces no other file of the command.
     *
     * @param option name of the option
     * @param file the file
     * @param others files of the same command, which must not be overwritten
     * @throws IllegalArgumentException if it cannot
     */
    static void check(String option, Path file, Collection<Path> others) {
        Path given = file.toAbsolutePath().normalize();
        if (Files.isDirectory(given)) {
            throw new IllegalArgumentException(
                    "Cannot write " + option + " to " + given + ": found a directory, expected a file. Add a name");
        }
        if (!Files.isDirectory(given.getParent())) {
            throw new IllegalArgumentException("Cannot write " + option + " to " + given
                    + ": found no directory of that name, expected one that exists. Create it, or check the path");
        }
        for (Path other : others) {
            if (isSame(given, other.toAbsolutePath().normalize())) {
                throw new IllegalArgumentException(
                        "Cannot write " + option + " to " + given
                                + ": found that another option names the same file, expected one of its own. Choose another name");
            }
        }
    }

    private static boolean isSame(Path file, Path other) {
        try {
            return file.equals(other) || Files.exists(file) && Files.exists(other) && Files.isSameFile(file, other);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot compare " + file + " with " + other, e);
        }
    }
}
