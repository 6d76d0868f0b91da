package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.names.CheckpointFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Opens files of tensors, each by what its first bytes say it is. */
public final class TensorFiles {
    /** What the Rust back end appends to a GGUF file's name without its last two extensions, for the file of its image part. */
    private static final String VISION_SUFFIX = "_vision_tower_unquant.safetensors";

    /** The image part's names in a candle checkpoint. */
    private static final String IMAGE_PREFIX = "image_prefix.";

    /** Containers. */
    private enum Container {
        SAFETENSORS,
        SHARD_INDEX,
        GGUF,
        NONE
    }

    private TensorFiles() {}

    /**
     * Opens one file, or all shards of an index.
     *
     * @param path a safetensors file, a shard index, or a GGUF file, whatever its name
     * @return the open file, to be closed by the caller
     * @throws CheckpointException if it is missing, unreadable or damaged
     */
    public static TensorFile open(Path path) {
        return switch (Files.isRegularFile(path) ? container(path) : Container.NONE) {
            case GGUF -> GgufFile.open(path);
            case SHARD_INDEX -> ShardedSafetensors.open(path);
            // Its reader says best what is wrong with a file that is neither.
            case SAFETENSORS, NONE -> SafetensorsFile.open(path);
        };
    }

    /**
     * Opens a language model with all that belongs to it: a GGUF file of a model that sees images with its separate file of the
     * image part, if that is there.
     *
     * @param path as for {@link #open}
     * @return the open file, to be closed by the caller
     * @throws CheckpointException if one of the files is missing, unreadable or damaged
     */
    public static TensorFile openModel(Path path) {
        TensorFile file = open(path);
        try {
            boolean apart = CheckpointFormat.seesImages(file.tensors().keySet())
                    && file instanceof GgufFile
                    && file.tensors().keySet().stream().noneMatch(name -> name.startsWith(IMAGE_PREFIX));
            return apart ? withVision(file) : file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static TensorFile withVision(TensorFile gguf) {
        Path vision = visionFile(gguf.path());
        if (!Files.isRegularFile(vision)) {
            return gguf;
        }
        return new JoinedFiles(gguf.path(), List.of(gguf, open(vision)));
    }

    /**
     * Where a language model's image part is expected.
     *
     * @param model its file
     * @return the same file or, for GGUF, one beside it
     */
    public static Path imagePart(Path model) {
        return container(model) == Container.GGUF ? visionFile(model) : model;
    }

    /** {@code model.q8_0.gguf} has {@code model_vision_tower_unquant.safetensors}. */
    private static Path visionFile(Path gguf) {
        String stem = gguf.getFileName().toString().replaceFirst("(\\.[^.]*){1,2}$", "");
        return gguf.resolveSibling(stem + VISION_SUFFIX);
    }

    /**
     * Whether a file looks like a container of tensors, by its first bytes.
     *
     * @param file a regular file
     * @return true if {@link #open} is worth trying
     */
    public static boolean isContainer(Path file) {
        return container(file) != Container.NONE;
    }

    /** Whether a container is an index of shards. */
    public static boolean isShardIndex(Path file) {
        return container(file) == Container.SHARD_INDEX;
    }

    private static Container container(Path file) {
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + 1).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (start.hasRemaining() && channel.read(start) >= 0) {}
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot read " + file.toAbsolutePath() + ": found " + e
                            + ", expected a readable file. Check its permissions.",
                    e);
        }
        if (start.position() >= Integer.BYTES && start.getInt(0) == GgufHeader.MAGIC) {
            return Container.GGUF;
        }
        long headerBytes = start.getLong(0);
        boolean sensible = headerBytes > 0 && headerBytes <= SafetensorsHeader.MAX_HEADER_BYTES;
        if (!start.hasRemaining() && sensible && start.get(Long.BYTES) == '{') {
            return Container.SAFETENSORS;
        }
        boolean named = file.getFileName().toString().endsWith(".index.json");
        return named && start.get(0) == '{' ? Container.SHARD_INDEX : Container.NONE;
    }
}
