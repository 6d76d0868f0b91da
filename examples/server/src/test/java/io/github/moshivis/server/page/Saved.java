package io.github.moshivis.server.page;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;

/** A file that the browser saves: it has its name only when it is complete. */
final class Saved {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private Saved() {}

    /** Waits for the file with that ending. */
    static Path file(Path folder, String ending) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ending)) {
                Iterator<Path> found = files.iterator();
                if (found.hasNext()) {
                    return found.next();
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
