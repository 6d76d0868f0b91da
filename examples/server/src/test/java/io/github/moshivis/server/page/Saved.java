package io.github.moshivis.server.page;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A file that the browser saves: it reserves the name by an empty file, which the complete one replaces. */
final class Saved {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private Saved() {}

    /** Waits for a file with that ending that has content. */
    static Path file(Path folder, String ending) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ending)) {
                for (Path file : files) {
                    if (Files.size(file) > 0) {
                        return file;
                    }
                }
            }
            Browser.sleep(POLL);
        }
        throw new AssertionError("No file " + ending + " was saved to " + folder);
    }

    /** Waits for the file with that ending, and reads it. */
    static String text(Path folder, String ending) throws IOException {
        return Files.readString(file(folder, ending));
    }
}
