package io.github.moshivis.test;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.load.LoadOptions;
import java.nio.file.Path;

/**
 * A complete MoshiVis model of 2 MB with random weights: it loads quickly, runs faster than real time on any CPU, has vision, and speaks
 * nonsense. Its weights are the same on every machine, so that greedy conversations repeat. Used by any thread.
 */
public final class ToyModel {
    private static final ToyDirectory FILES = new ToyDirectory(Checkpoint.Size.TINY);

    private ToyModel() {}

    /**
     * Returns the directory of the model's files, which is written at the first call and deleted when the Java process ends.
     *
     * @return a directory as {@link MoshiVis#load(Path)} takes it
     * @throws java.io.UncheckedIOException if no temporary directory can be made
     * @throws io.github.moshivis.errors.CheckpointException if the files cannot be written
     */
    public static Path directory() {
        return FILES.get();
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
}
