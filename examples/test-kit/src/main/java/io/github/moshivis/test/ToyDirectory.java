package io.github.moshivis.test;

import io.github.moshivis.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files of a toy, written to a temporary directory at the first call and deleted when the Java process ends. Used by any thread. */
final class ToyDirectory {
    /** Seed of the weights: equal seeds give equal codecs. */
    private static final long SEED = 1;

    private static final System.Logger LOG = System.getLogger(ToyDirectory.class.getName());

    private final Checkpoint.Size size;
    private Path directory;

    ToyDirectory(Checkpoint.Size size) {
        this.size = size;
    }

    synchronized Path get() {
        if (directory == null) {
            try {
                Path created = Files.createTempDirectory("moshivis-toy-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(created), "moshivis-toy-delete"));
                directory = Checkpoint.random(size, SEED, created);
            } catch (IOException e) {
                throw new UncheckedIOException("The toy model cannot be written to a temporary directory", e);
            }
        }
        return directory;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The toy model''s directory {0} could not be deleted: {1}", directory, e);
        }
    }
}
