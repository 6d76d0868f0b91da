package io.github.moshivis.train.model;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Tensors to safetensors files. Stateless. */
public final class TensorStore {
    private TensorStore() {}

    /**
     * Writes a file.
     *
     * @param file to write; one that exists is replaced once the new one is complete
     * @param tensors by name
     * @param type how a tensor of that name is stored: a floating type
     */
    public static void write(Path file, Map<String, Tensor> tensors, Function<String, StoredType> type) {
        List<TensorSpec> specs = new ArrayList<>();
        tensors.forEach((name, tensor) -> specs.add(TensorSpec.of(name, type.apply(name), tensor.shape())));
        try (TensorWriter writer = SafetensorsWriter.create(file, specs, Map.of())) {
            tensors.forEach((name, tensor) -> {
                try (Scope scope = Scope.open()) {
                    writer.write(name, bytes(tensor, type.apply(name)));
                }
            });
            writer.commit();
        }
    }

    private static ByteBuffer bytes(Tensor tensor, StoredType type) {
        return ByteBuffer.wrap(tensor.to(DType.valueOf(type.name())).toBytes());
    }
}
