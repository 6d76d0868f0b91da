package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.nio.ByteBuffer;
import java.util.List;

/** The stored form of a tensor in a file that is written. */
interface Storage {
    /**
     * Returns the declarations of a tensor in the file.
     *
     * @param name its name in the file
     * @param shape its shape in the file
     * @return one or more tensors
     */
    List<TensorSpec> declare(String name, List<Long> shape);

    /**
     * Writes some rows.
     *
     * @param out where to
     * @param name the tensor's name in the file
     * @param type how the rows are stored
     * @param rows whole rows
     */
    void write(TensorWriter out, String name, StoredType type, ByteBuffer rows);
}
