package io.github.moshivis.checkpoint;

import io.github.moshivis.config.ModelConfig;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.model.Providers;
import java.nio.file.Path;

/** Model checkpoints on a disk. Stateless: all methods may be called by any thread. */
public final class Checkpoint {
    private Checkpoint() {}

    /** Sizes of models with random weights. */
    public enum Size {
        /** 2 MB: loads at once and runs much faster than real time; for tests. */
        TINY(RandomSizes.TINY),
        /** 450 million parameters beside a small image encoder and the released codec, 1.3 GB; for measurements on a CPU. */
        MID(RandomSizes.MID),
        /** The released sizes, 17 GB. */
        FULL(ModelConfig.MOSHIKA_VIS);

        private final ModelConfig config;

        Size(ModelConfig config) {
            this.config = config;
        }

        ModelConfig config() {
            return config;
        }
    }

    /**
     * Writes a model with random weights, as {@link #random(Size, long, Path, ProgressListener)} without a listener.
     *
     * @param size how large it is
     * @param seed chooses the weights
     * @param directory where to
     * @return the directory
     */
    public static Path random(Size size, long seed, Path directory) {
        return random(size, seed, directory, ProgressListener.NONE);
    }

    /**
     * Writes a model with random weights: a complete directory in the released PyTorch form, language model and image encoder in
     * bfloat16, codec in float32, text pieces, configuration. It speaks nonsense, yet costs what a trained model of its size costs,
     * and its numbers are as large as a trained one's. Equal sizes and seeds give equal bytes, on every machine.
     *
     * <p>Needs moshivis-audio and moshivis-vision, which know what their parts of the model are made of, and less than 500 MB
     * of memory, LibTorch's own included, whatever the size. Blocks until all is written; what was written is deleted if it fails.
     *
     * @param size how large it is
     * @param seed chooses the weights
     * @param directory where to; created if it is not there
     * @param progress hears of the two files of weights
     * @return the directory
     * @throws IllegalArgumentException if the directory holds one of the files already
     * @throws IllegalStateException naming the dependency to add, if moshivis-audio or moshivis-vision is not on the class path
     * @throws io.github.moshivis.errors.CheckpointException if writing fails
     */
    public static Path random(Size size, long seed, Path directory, ProgressListener progress) {
        ModelPlan plan = ModelPlan.of(size.config(), Providers.imageEncoder(), Providers.speechCodec());
        new RandomCheckpoint(plan, seed, progress).write(directory);
        return directory;
    }
}
