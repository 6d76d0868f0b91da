package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.GgufWriter;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file to be written.
 *
 * @param name its name
 * @param tensors its tensors, in order
 */
record TargetFile(String name, List<Entry> tensors) {
    /**
     * A tensor to be written: tensors of ours stacked by their rows.
     *
     * @param name its name in the file
     * @param shape its shape in the file
     * @param storage its stored form
     * @param parts ours, from the first row to the last
     */
    record Entry(String name, Shape shape, Storage storage, List<Part> parts) {
        List<TensorSpec> declared() {
            return storage.declare(name, shape);
        }
    }

    /**
     * A tensor of ours.
     *
     * @param source the tensor that is written
     * @param equal others that have the same place, and so have to be equal to it
     */
    record Part(SourceTensor source, List<SourceTensor> equal) {}

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
