package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Opens files of tensors; recognizes each by its first bytes. */
public final class TensorFiles {
    /** In UTF-8, little-endian. */
    private static final int BYTE_ORDER_MARK = 0xBFBBEF;

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
            // This reader has the best error message for other files.
            case SAFETENSORS, NONE -> SafetensorsFile.open(path);
        };
    }

    /**
     * Joins files into one container.
     *
     * @param path names the whole in messages
     * @param files open files; owned and closed by the result
     * @return the container; its metadata is the first file's
     * @throws CheckpointException if two of them hold a tensor of the same name
     */
    public static TensorFile join(Path path, List<TensorFile> files) {
        return new JoinedFiles(path, files);
    }

    /**
     * Tests for the GGUF container.
     *
     * @param file a regular file
     * @return true if its first bytes are those of GGUF, whatever its name
     */
    public static boolean isGguf(Path file) {
        return container(file) == Container.GGUF;
    }

    /**
     * Tests for a container of tensors by the first bytes.
     *
     * @param file a regular file
     * @return true if {@link #open} is worth trying
     */
    public static boolean isContainer(Path file) {
        return container(file) != Container.NONE;
    }

    /** Tests for an index of shards. */
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
        boolean marked = start.getInt(0) << Byte.SIZE == BYTE_ORDER_MARK << Byte.SIZE;
        return named && start.get(marked ? 3 : 0) == '{' ? Container.SHARD_INDEX : Container.NONE;
    }
}
