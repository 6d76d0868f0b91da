package io.github.moshivis.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Directories that are deleted with all they hold when the program ends, also by a signal. Thread-safe. */
public final class TemporaryDirectories {
    private static final System.Logger LOG = System.getLogger(TemporaryDirectories.class.getName());
    private static final Set<Path> ALL = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean HOOKED = new AtomicBoolean();

    private TemporaryDirectories() {}

    /**
     * Creates a directory.
     *
     * @param prefix begin of its name
     * @return the directory, which is empty
     * @throws IOException if there is no room for it
     */
    public static Path create(String prefix) throws IOException {
        if (HOOKED.compareAndSet(false, true)) {
            Runtime.getRuntime().addShutdownHook(new Thread(TemporaryDirectories::delete, "moshivis-temporary"));
        }
        Path directory = Files.createTempDirectory(prefix);
        ALL.add(directory);
        return directory;
    }

    /** Deletes all directories; for programs that end without shutdown hooks. */
    public static void delete() {
        for (Path directory : List.copyOf(ALL)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
                ALL.remove(directory);
            } catch (IOException | UncheckedIOException e) {
                LOG.log(Level.DEBUG, "A temporary directory could not be deleted", e);
            }
        }
    }
}
