package io.github.moshivis.weights.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An open container of tensors. It holds every window of mapped memory while it is open, so that code that keeps the file
 * object may keep tensors over its memory; {@link #close()} releases them.
 *
 * <p>Nothing may write to, shorten or replace in place a file that is open here: its memory would change under the model or end
 * the process. (Moving another file over its name, as {@link SafetensorsWriter} does, is safe where the system keeps the old one.)
 * May be used by several threads.
 */
public interface TensorFile extends AutoCloseable {
    /**
     * The file.
     *
     * @return its absolute path
     */
    Path path();

    /**
     * Returns all files that the tensors are read from: more than one for a model in shards.
     *
     * @return their absolute paths
     */
    default List<Path> paths() {
        return List.of(path());
    }

    /**
     * Returns the file's metadata as text.
     *
     * @return an unmodifiable map in the file's order; empty if there is none
     */
    Map<String, String> metadata();

    /**
     * The tensors by name.
     *
     * @return an unmodifiable map in the order of the file's header
     */
    Map<String, StoredTensor> tensors();

    /** Returns the bytes of all tensors. */
    default long byteLength() {
        return tensors().values().stream().mapToLong(StoredTensor::byteLength).sum();
    }

    /**
     * The bytes of a tensor.
     *
     * @param name a key of {@link #tensors()}
     * @return the bytes in mapped memory
     * @throws IllegalArgumentException if the file has no such tensor
     * @throws IllegalStateException after {@link #close()}
     */
    TensorBytes bytes(String name);

    /**
     * Some of the bytes of a tensor.
     *
     * @param name a key of {@link #tensors()}
     * @param from the first byte of the tensor
     * @param length how many
     * @return as {@link #bytes(String)}
     */
    default TensorBytes bytes(String name, int from, int length) {
        TensorBytes all = bytes(name);
        return new TensorBytes(all.window(), all.position() + from, length);
    }

    /**
     * Reads bytes of a tensor into other memory, without touching mapped memory where the container can: touched pages count as this
     * process's memory until the system needs it.
     *
     * @param name a key of {@link #tensors()}
     * @param from the first byte of the tensor
     * @param target takes as many as it has room for
     * @throws io.github.moshivis.errors.CheckpointException if the file cannot be read
     * @throws IllegalArgumentException if the file has no such tensor
     * @throws IllegalStateException after {@link #close()}
     */
    default void read(String name, int from, ByteBuffer target) {
        target.put(bytes(name, from, target.remaining()).slice());
    }

    /** Releases the mapped memory. Idempotent. Names, shapes and metadata stay readable. */
    @Override
    void close();
}
