package io.github.moshivis.weights;

import io.github.moshivis.errors.CheckpointException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file over mapped memory: opening reads the header only, whatever the size of the file.
 *
 * <p>Format: an 8-byte little-endian header length, a JSON header from names to dtype, shape and byte range, then the bytes of the
 * tensors without gaps (<a href="https://huggingface.co/docs/safetensors">huggingface.co/docs/safetensors</a>). As in the reference
 * library, a header is at most 100 MB, and ranges must cover the rest of the file exactly. Beyond it, one tensor is at most 2 GiB,
 * since a Java buffer is; the largest of a released checkpoint has 262 MB.
 */
public final class SafetensorsFile implements TensorFile {
    private final Path path;
    private final SafetensorsHeader header;
    private volatile Map<String, TensorBytes> bytes;

    private SafetensorsFile(Path path, SafetensorsHeader header, Map<String, TensorBytes> bytes) {
        this.path = path;
        this.header = header;
        this.bytes = bytes;
    }

    /**
     * Opens a file, checks its header and maps its tensors.
     *
     * @param path the file
     * @return the open file, to be closed by the caller
     * @throws CheckpointException if it is missing, unreadable, truncated, or not a well-formed safetensors file
     */
    public static SafetensorsFile open(Path path) {
        return open(path, MappedWindows.MAX_BYTES);
    }

    static SafetensorsFile open(Path path, long windowBytes) {
        Path file = path.toAbsolutePath();
        if (!Files.isRegularFile(file)) {
            String found = Files.exists(file) ? "something that is no regular file" : "nothing there";
            throw new CheckpointException("Cannot open safetensors file " + file + ": found " + found
                    + ", expected a file. Check the path and the download.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = SafetensorsHeader.read(file, channel, windowBytes);
            List<StoredTensor> byOffset = header.tensors().values().stream()
                    .sorted(Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::byteLength))
                    .toList();
            return new SafetensorsFile(file, header, MappedWindows.map(channel, byOffset, windowBytes));
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot read safetensors file " + file + ": found " + e
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
        return header.metadata();
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return header.tensors();
    }

    @Override
    public TensorBytes bytes(String name) {
        Map<String, TensorBytes> open = bytes;
        if (open == null) {
            throw new IllegalStateException("Cannot read tensor '" + name + "': safetensors file " + path
                    + " is closed. Keep the file open for as long as its weights are used.");
        }
        TensorBytes found = open.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "No tensor '" + name + "' in " + path + ": expected one of the names in tensors(), found "
                            + header.tensors().size() + " others. Ask for a name that the file has.");
        }
        return found;
    }

    @Override
    public void read(String name, ByteBuffer target) {
        bytes(name); // that it can be asked for
        long offset = header.tensors().get(name).offset();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            while (target.hasRemaining()) {
                if (channel.read(target, offset + target.position()) < 0) {
                    throw new EOFException("the file ends early");
                }
            }
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot read tensor '" + name + "' of safetensors file " + path + ": found " + e
                            + ", expected the file as it was opened. Leave it alone while it is in use.",
                    e);
        }
    }

    @Override
    public void close() {
        bytes = null;
    }
}
