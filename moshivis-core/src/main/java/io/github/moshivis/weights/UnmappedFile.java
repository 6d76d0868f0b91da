package io.github.moshivis.weights;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorBytes;
import io.github.moshivis.weights.file.TensorFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A file whose tensors are read into memory of the open scope each time, and leave nothing behind when it ends. Owns nothing. */
final class UnmappedFile implements TensorFile {
    /** Tensors of more bytes are read in several pieces by each thread. */
    private static final int SHARED = 1 << 24;

    private static final int PIECES = 8;

    private final TensorFile file;

    UnmappedFile(TensorFile file) {
        this.file = file;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public List<Path> paths() {
        return file.paths();
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
        return bytes(name, 0, file.bytes(name).length());
    }

    /** {@inheritDoc} In this class in memory of the innermost scope, read by all {@link KernelThreads} of the calling thread. */
    @Override
    public TensorBytes bytes(String name, int from, int length) {
        ByteBuffer[] memory = new ByteBuffer[1];
        Tensor.filled(DType.U8, buffer -> memory[0] = buffer, length);
        KernelThreads.split(
                length,
                length < SHARED ? 1 : PIECES,
                (start, count) -> file.read(name, from + (int) start, memory[0].slice((int) start, (int) count)));
        return new TensorBytes(memory[0], 0, length);
    }

    @Override
    public void read(String name, int from, ByteBuffer target) {
        file.read(name, from, target);
    }

    @Override
    public void close() {
        // the file is not owned
    }
}
