package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Base of all containers over mapped memory: names and places of tensors, known once the file is open. */
abstract class MappedFile implements TensorFile {
    private final String kind;
    private final Path path;
    private final Map<String, String> metadata;
    private final Map<String, StoredTensor> tensors;
    private volatile Map<String, TensorBytes> bytes;

    /** The maps are in the order of the file and unmodifiable; {@code kind} names the container in messages. */
    MappedFile(
            String kind,
            Path path,
            Map<String, String> metadata,
            Map<String, StoredTensor> tensors,
            Map<String, TensorBytes> bytes) {
        this.kind = kind;
        this.path = path;
        this.metadata = metadata;
        this.tensors = tensors;
        this.bytes = bytes;
    }

    /** Reads and maps an open file. */
    interface Reading<T> {
        T read(Path file, FileChannel channel) throws IOException;
    }

    /** Opens a regular file for reading and closes it again; its mappings stay. */
    static <T> T open(String kind, Path path, Reading<T> reading) {
        Path file = path.toAbsolutePath();
        if (!Files.isRegularFile(file)) {
            String found = Files.exists(file) ? "something that is no regular file" : "nothing there";
            throw new CheckpointException("Cannot open " + kind + " " + file + ": found " + found
                    + ", expected a file. Check the path and the download.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reading.read(file, channel);
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot read " + kind + " " + file + ": found " + e
                            + ", expected a readable file. Check its permissions and the disk.",
                    e);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public TensorBytes bytes(String name) {
        Map<String, TensorBytes> open = bytes;
        if (open == null) {
            throw new IllegalStateException("Cannot read tensor '" + name + "': " + kind + " " + path
                    + " is closed. Keep the file open for as long as its weights are used.");
        }
        TensorBytes found = open.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "No tensor '" + name + "' in " + path + ": expected one of the names in tensors(), found "
                            + tensors.size() + " others. Ask for a name that the file has.");
        }
        return found;
    }

    @Override
    public void read(String name, int from, ByteBuffer target) {
        bytes(name); // that it can be asked for
        long offset = tensors.get(name).offset() + from;
        open(kind, path, (file, channel) -> {
            while (target.hasRemaining()) {
                if (channel.read(target, offset + target.position()) < 0) {
                    throw new EOFException("the end of the file in tensor '" + name + "'");
                }
            }
            return target;
        });
    }

    @Override
    public void close() {
        bytes = null;
    }
}
