package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.nio.ByteBuffer;

/**
 * A file of tensors that is being written. All tensors are declared when it is created, since the header precedes the bytes. The
 * file appears under its name whole or not at all: it is written beside it, forced to the disk, and moved over it by {@link
 * #commit()}; {@link #close()} without a commit deletes the partial file. Not safe for several threads.
 */
public interface TensorWriter extends AutoCloseable {
    /**
     * Writes the next bytes of a tensor. Tensors may be written in any order, and each in any number of pieces.
     *
     * @param name a declared tensor
     * @param bytes its next bytes, little-endian; read from position to limit
     * @throws IllegalArgumentException if no such tensor was declared, or it would become longer than declared
     * @throws IllegalStateException after {@link #commit()} or {@link #close()}
     * @throws CheckpointException if writing fails
     */
    void write(String name, ByteBuffer bytes);

    /**
     * Puts the finished file in its place.
     *
     * @throws IllegalStateException if a tensor is not completely written, or the writer is closed
     * @throws CheckpointException if writing fails
     */
    void commit();

    /** Closes the file; deletes it if it was not committed. Idempotent. */
    @Override
    void close();
}
