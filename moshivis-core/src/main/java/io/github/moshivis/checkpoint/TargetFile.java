package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.GgufWriter;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file to be written.
 *
 * @param name its name
 * @param tensors what is in it
 */
record TargetFile(String name, List<TargetTensor> tensors) {
    static final String GGUF = ".gguf";
    static final String SAFETENSORS = ".safetensors";

    private List<TensorSpec> declared() {
        return tensors.stream().flatMap(tensor -> tensor.declared().stream()).toList();
    }

    /** Bytes of all tensors. */
    long bytes() {
        return declared().stream().mapToLong(TensorSpec::byteLength).sum();
    }

    TensorWriter create(Path directory) {
        Path file = directory.resolve(name);
        return name.endsWith(GGUF)
                ? GgufWriter.create(file, declared())
                : SafetensorsWriter.create(file, declared(), Map.of());
    }
}
