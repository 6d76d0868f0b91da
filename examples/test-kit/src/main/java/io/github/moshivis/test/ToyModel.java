package io.github.moshivis.test;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A complete MoshiVis model of 2 MB with random weights: it loads at once, runs faster than real time on any CPU, looks at pictures, and
 * speaks nonsense. Its weights are the same on every machine, so that greedy conversations repeat. Used by any thread.
 */
public final class ToyModel {
    /** Seed of the weights. */
    private static final long SEED = 1;

    private static final System.Logger LOG = System.getLogger(ToyModel.class.getName());

    private static Path directory;

    private ToyModel() {}

    /**
     * The directory of the model's files, which is written at the first call and deleted when the Java process ends.
     *
     * @return a directory as {@link MoshiVis#load(Path)} takes it
     * @throws UncheckedIOException if no temporary directory can be made
     * @throws io.github.moshivis.errors.CheckpointException if the files cannot be written
     */
    public static synchronized Path directory() {
        if (directory == null) {
            try {
                Path created = Files.createTempDirectory("moshivis-toy-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(created), "moshivis-toy-delete"));
                directory = Checkpoint.random(Checkpoint.Size.TINY, SEED, created);
            } catch (IOException e) {
                throw new UncheckedIOException("The toy model cannot be written to a temporary directory", e);
            }
        }
        return directory;
    }

    /**
     * Loads the model for one conversation at a time.
     *
     * @return the model, to be closed by the caller
     */
    public static MoshiVis load() {
        return load(LoadOptions.defaults());
    }

    /**
     * Loads the model.
     *
     * @param options number of conversations, precision and the like
     * @return the model, to be closed by the caller
     */
    public static MoshiVis load(LoadOptions options) {
        return MoshiVis.load(directory(), options);
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
