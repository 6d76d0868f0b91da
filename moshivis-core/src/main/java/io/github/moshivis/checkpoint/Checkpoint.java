package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.weights.Mismatch;
import io.github.moshivis.weights.quant.AffineGroups;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A model's checkpoint on a disk, which can be looked at and turned into other forms:
 *
 * <pre>{@code
 * Checkpoint released = Checkpoint.open(Path.of("moshika-vis-pytorch-bf16"));
 * released.verify();
 * released.quantize(4, Path.of("moshika-vis-mlx-q4"), ConvertOptions.defaults());
 * }</pre>
 *
 * <p>Holds no file open and no weights in memory. Immutable; all methods may be called by any thread, and block until their work is
 * done. They need moshivis-audio and moshivis-vision, which know what their parts of the model are made of.
 */
public final class Checkpoint {
    /** Sizes of models with random weights. */
    public enum Size {
        /** 2 MB: loads at once and runs much faster than real time; for tests. */
        TINY(RandomSizes.TINY),
        /** 450 million parameters beside a small image encoder and the released codec, 1.3 GB; for measurements on a CPU. */
        MID(RandomSizes.MID),
        /** The released sizes, 17 GB. */
        FULL(ModelConfig.MOSHIKA_VIS),
        /** Speech to text, with pause heads, that reads the codes of a {@link #TINY} model's codec; for tests. */
        STT_TINY(RandomSizes.STT_TINY),
        /** Speech to text of the released sizes of {@code stt-1b-en_fr}, with pause heads, 2.4 GB. */
        STT_1B(RandomSizes.STT_1B);

        private final ModelConfig config;

        Size(ModelConfig config) {
            this.config = config;
        }

        ModelConfig config() {
            return config;
        }
    }

    /** Forms that a model can be converted to. */
    public enum Form {
        /** That of the PyTorch back end, {@code kyutai/moshika-vis-pytorch-bf16}. */
        PYTORCH,
        /** That of the Rust back end, {@code kyutai/moshika-vis-candle-bf16}, with the cross-attention in one tensor. */
        CANDLE,
        /** That of the MLX back end, {@code kyutai/moshika-vis-mlx-bf16}. */
        MLX,
        /** The Rust back end's in 8 bits, {@code kyutai/moshika-vis-candle-q8}: a GGUF file, and one of the image part in float32. */
        GGUF_Q8
    }

    /** Groups that MLX has kernels for (ml-explore/mlx, {@code mlx/ops.cpp}). */
    private static final Set<Integer> GROUPS = Set.of(32, 64, 128);

    private final Path path;
    private final ModelDirectory model;
    private final Function<ModelConfig, ModelPlan> planner;

    private Checkpoint(Path path, Function<ModelConfig, ModelPlan> planner) {
        this.path = path.toAbsolutePath().normalize();
        this.model = ModelDirectory.read(this.path);
        this.planner = planner;
    }

    /**
     * Finds a model and reads its configuration.
     *
     * @param path a model's directory; or its language model's file, the configuration of which is in the same directory or has the
     *     released sizes
     * @return the checkpoint
     * @throws CheckpointException if nothing is there, or the configuration cannot be used
     */
    public static Checkpoint open(Path path) {
        Objects.requireNonNull(path, "path");
        return open(path, config -> ModelPlan.of(config, Providers.imageEncoder(), Providers.speechCodec()));
    }

    /** For tests: with other parts than those of the other modules. */
    static Checkpoint open(Path path, Function<ModelConfig, ModelPlan> planner) {
        return new Checkpoint(path, planner);
    }

    /**
     * Returns the location of the checkpoint.
     *
     * @return the absolute path
     */
    public Path path() {
        return path;
    }

    /**
     * Says what it holds. Reads headers only.
     *
     * @return the description
     * @throws CheckpointException if a file is damaged
     */
    public Description describe() {
        return new Inspection(path, model, planner).describe();
    }

    /**
     * Checks that it holds all that its configuration describes, in the right shapes. Reads headers only.
     *
     * @throws CheckpointException saying what is missing or wrong
     */
    public void verify() {
        Description found = describe();
        List<String> missing = found.missing();
        if (!missing.isEmpty()) {
            throw Mismatch.failure(
                    "Cannot use the checkpoint " + path,
                    missing,
                    found.unused(),
                    found.tensors().size() + missing.size());
        }
    }

    /**
     * Converts to another form, or to the same one: tensors that the model uses keep type and values, byte for byte, in all forms
     * that are not quantized; others are left out. What is quantized is rounded to bfloat16.
     *
     * @param form which
     * @param out a directory, created if it is not there, which becomes a whole model: codec, text pieces and configuration are
     *     linked, or copied where they cannot be; or the language model's file alone, ending in {@code .safetensors} or {@code .gguf}
     * @param options what may be overwritten, who hears of it
     * @return what was written
     * @throws IllegalArgumentException if there is something at {@code out} and may not be overwritten, it is what is read, or its
     *     ending is another form's
     * @throws CheckpointException if the model is not complete, its values do not fit the form, it is quantized and the form is too,
     *     or writing fails; then nothing is written
     */
    public ConversionResult convert(Form form, Path out, ConvertOptions options) {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(options, "options");
        OutputPlace place = OutputPlace.of(out, TargetForm.usualFile(form));
        return new Converter(path, model, planner, options)
                .write(
                        place,
                        form == Form.GGUF_Q8,
                        (lm, sources) -> TargetForm.files(form, lm, sources, place.modelFile()));
    }

    /**
     * Quantizes to MLX's affine form, in groups of 32 for 4 bits and of 64 for 8, as the MLX back end expects them.
     *
     * @param bits 4 or 8
     * @param out as for {@link #convert}
     * @param options what may be overwritten, who hears of it
     * @return what was written
     * @throws IllegalArgumentException as {@link #convert}
     * @throws CheckpointException as {@link #convert}
     */
    public ConversionResult quantize(int bits, Path out, ConvertOptions options) {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(options, "options");
        return quantize(bits, bits == 4 ? 32 : 64, out, options);
    }

    /**
     * Quantizes to MLX's affine form.
     *
     * @param bits 4 or 8
     * @param group neighbors in a row that share a scale: 32, 64 or 128
     * @param out as for {@link #convert}
     * @param options what may be overwritten, who hears of it
     * @return what was written
     * @throws IllegalArgumentException for other bits or groups, and as {@link #convert}
     * @throws CheckpointException as {@link #convert}
     */
    public ConversionResult quantize(int bits, int group, Path out, ConvertOptions options) {
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(options, "options");
        if (bits != 4 && bits != 8) {
            throw new IllegalArgumentException(
                    "Cannot quantize: found " + bits + " bits, expected 4 or 8. Choose one of them.");
        }
        if (!GROUPS.contains(group)) {
            throw new IllegalArgumentException(
                    "Cannot quantize: found groups of " + group + ", expected 32, 64 or 128. Choose one of them.");
        }
        AffineGroups groups = new AffineGroups(bits, group);
        OutputPlace place = OutputPlace.of(out, TargetForm.usualFile(groups));
        return new Converter(path, model, planner, options)
                .write(place, true, (lm, sources) -> TargetForm.quantized(groups, lm, sources, place.modelFile()));
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
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(progress, "progress");
        ModelPlan plan = ModelPlan.of(size.config(), Providers.imageEncoder(), Providers.speechCodec());
        new RandomCheckpoint(plan, seed, progress).write(directory);
        return directory;
    }
}
