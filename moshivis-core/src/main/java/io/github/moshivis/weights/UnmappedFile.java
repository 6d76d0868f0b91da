package io.github.moshivis.weights;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorBytes;
import io.github.moshivis.weights.file.TensorFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** A file whose tensors are read into memory of the open scope each time, and leave nothing behind when it ends. Owns nothing. */
final class UnmappedFile implements TensorFile {
    private final TensorFile file;

    UnmappedFile(TensorFile file) {
        this.file = file;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public Map<String, String> metadata() {
        return file.metadata();
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return file.tensors();
    }

    /** {@inheritDoc} In this class in memory of the innermost scope. */
    @Override
    public TensorBytes bytes(String name) {
        int length = file.bytes(name).length();
        ByteBuffer[] memory = new ByteBuffer[1];
        Tensor.filled(
                DType.U8,
                buffer -> {
                    file.read(name, buffer);
                    memory[0] = buffer;
                },
                length);
        return new TensorBytes(memory[0], 0, length);
    }

    @Override
    public void read(String name, ByteBuffer target) {
        file.read(name, target);
    }

    @Override
    public void close() {
        // who opened the file closes it
    }
}
