package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.file.TensorSpec;
import java.util.List;

/**
 * A tensor to be written: tensors of ours stacked by their rows.
 *
 * @param name its name in the file
 * @param shape its shape in the file
 * @param storage how it is stored
 * @param parts ours, from the first row to the last
 */
record TargetTensor(String name, List<Long> shape, Storage storage, List<Part> parts) {
    /**
     * A tensor of ours.
     *
     * @param source what is written
     * @param equal others that have the same place, and so have to be equal to it
     */
    record Part(SourceTensor source, List<SourceTensor> equal) {}

    List<TensorSpec> declared() {
        return storage.declare(name, shape);
    }
}
