package io.github.moshivis.layout;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A low-rank adapter as moshi-finetune writes it ({@code finetune/checkpointing.py}): {@value #WEIGHTS} with {@value
 * ModelLayout#MOSHI_CONFIG} beside it, in {@code RUN/checkpoints/checkpoint_NNNNNN/consolidated}.
 *
 * Instead of pairs of matrices, or beside them, it may hold whole tensors of the part that sees pictures, under the names of
 * MoshiVis's PyTorch form; then the configuration says {@code "vision_adapter": true}.
 *
 * @param weights the adapter's tensors
 * @param rank the inner width of every pair of matrices; 0 if there are none
 * @param scaling the factor of their product; not divided by the rank
 */
public record AdapterFiles(Path weights, int rank, double scaling) {
    /** The adapter's file. */
    public static final String WEIGHTS = "lora.safetensors";

    /** The file of adapters of PEFT, the library beside transformers. */
    static final String PEFT_WEIGHTS = "adapter_model.safetensors";

    private static final String CONSOLIDATED = "consolidated";
    private static final String CHECKPOINTS = "checkpoints";

    /** Defaults of moshi's loader ({@code moshi/models/loaders.py}). */
    private static final int DEFAULT_RANK = 128;

    private static final double DEFAULT_SCALING = 2;

    /**
     * Finds an adapter and reads its configuration.
     *
     * @param path the adapter's file, its directory, a checkpoint's directory, or the directory of a run with one checkpoint
     * @return the adapter's files
     * @throws CheckpointException if there is none, there are several, or the configuration contradicts an adapter
     */
    public static AdapterFiles read(Path path) {
        Path weights = locate(path.toAbsolutePath());
        Path config = weights.resolveSibling(ModelLayout.MOSHI_CONFIG);
        if (!Files.isRegularFile(config)) {
            throw new CheckpointException("Cannot use the adapter " + weights + ": found no " + config.getFileName()
                    + " beside it, expected one with lora_rank and lora_scaling. Copy it from the training run's"
                    + " consolidated directory");
        }
        ConfigNode json = ConfigFile.read(config);
        boolean vision = json.flag("vision_adapter", false);
        if (!json.flag("lora", false)) {
            if (vision) {
                return new AdapterFiles(weights, 0, 1);
            }
            throw json.wrong("lora", "false", "true beside an adapter");
        }
        int rank = json.integer("lora_rank", DEFAULT_RANK);
        double scaling = json.decimal("lora_scaling", DEFAULT_SCALING);
        if (rank < 1 || rank > Validation.MAX_SIZE) {
            throw json.wrong("lora_rank", rank, "1 to " + Validation.MAX_SIZE);
        }
        if (!Double.isFinite(scaling)) {
            throw json.wrong("lora_scaling", scaling, "a number");
        }
        return new AdapterFiles(weights, rank, scaling);
    }

    /**
     * Refusal of an adapter that is given as a model.
     *
     * @param path the adapter's file or directory
     * @return the exception
     */
    public static CheckpointException noModel(Path path) {
        return new CheckpointException("Cannot load " + path + " as a model: found a low-rank adapter (LoRA), expected"
                + " a model's directory or file. Load the model that the adapter was trained on, and name the adapter in"
                + " LoadOptions.adapter (--adapter)");
    }

    /**
     * Refusal of a directory that holds an adapter and no language model.
     *
     * @param directory a directory without a language model
     * @throws CheckpointException if an adapter is in it
     */
    public static void refuseAsModel(Path directory) {
        boolean holds = Stream.of(WEIGHTS, PEFT_WEIGHTS, "adapter_config.json", CONSOLIDATED + "/" + WEIGHTS)
                .anyMatch(name -> Files.exists(directory.resolve(name)));
        if (holds) {
            throw noModel(directory);
        }
    }

    private static Path locate(Path path) {
        if (Files.isRegularFile(path)) {
            return path;
        }
        for (Path directory : List.of(path, path.resolve(CONSOLIDATED))) {
            Path weights = directory.resolve(WEIGHTS);
            if (Files.isRegularFile(weights)) {
                return weights;
            }
        }
        List<Path> found = checkpoints(path.resolve(CHECKPOINTS));
        if (found.size() == 1) {
            return found.get(0);
        }
        String names = found.stream()
                .map(file -> file.getParent().getParent().getFileName().toString())
                .toList()
                .toString();
        throw new CheckpointException("Cannot find the adapter at " + path + ": found "
                + (found.isEmpty() ? "no " + WEIGHTS : "the checkpoints " + names) + ", expected one " + WEIGHTS + ". "
                + (found.isEmpty() ? "Check the path" : "Name one of them"));
    }

    private static List<Path> checkpoints(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> runs = Files.list(directory)) {
            return runs.map(run -> run.resolve(CONSOLIDATED).resolve(WEIGHTS))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot list the checkpoints in " + directory + ": found " + e
                            + ", expected a readable directory. Check its permissions",
                    e);
        }
    }
}
