package io.github.moshivis.audio.mimi;

import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorBytes;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** A file of float32 tensors that is only in memory. */
final class MemoryTensorFile implements TensorFile {
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final ByteBuffer memory;

    /** Tensors whose elements a function writes. */
    MemoryTensorFile(Collection<TensorSpec> specs, BiConsumer<TensorSpec, FloatBuffer> content) {
        long bytes = specs.stream().mapToLong(TensorSpec::byteLength).sum();
        memory = ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
        int at = 0;
        for (TensorSpec spec : specs) {
            tensors.put(spec.name(), new StoredTensor(spec, at));
            int length = (int) spec.byteLength();
            content.accept(
                    spec,
                    memory.slice(at, length).order(ByteOrder.nativeOrder()).asFloatBuffer());
            at += length;
        }
    }

    @Override
    public Path path() {
        return Path.of("in-memory").toAbsolutePath();
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public TensorBytes bytes(String name) {
        StoredTensor tensor = tensors.get(name);
        return new TensorBytes(memory, (int) tensor.offset(), (int) tensor.byteLength());
    }

    @Override
    public void close() {}
}
