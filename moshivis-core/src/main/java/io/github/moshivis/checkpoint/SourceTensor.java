package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.StoredWeights;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.names.TensorNames;

/**
 * A tensor of ours as a file holds it.
 *
 * @param name our name
 * @param shape our shape
 * @param stored the file's tensor
 * @param weights the same, with what belongs to it where it is quantized
 * @param location which of its rows are ours
 */
record SourceTensor(
        String name, Shape shape, StoredTensor stored, StoredWeights weights, TensorNames.Location location) {
    /** The type in which it is read: the file's, or bfloat16 where the file quantizes. */
    StoredType type() {
        return weights.isQuantized() ? StoredType.BF16 : stored.type();
    }

    /** Entries along the first dimension; a vector is one row. */
    long rows() {
        return shape.rank() == 1 ? 1 : shape.dimension(0);
    }

    /** Elements of a row. */
    long columns() {
        return shape.elements() / rows();
    }

    /** The first of its rows in the file's tensor. */
    long firstRow() {
        return rows() / location.count() * location.part();
    }
}
