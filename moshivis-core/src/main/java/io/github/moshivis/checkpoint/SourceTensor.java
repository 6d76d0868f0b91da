package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.StoredWeights;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.names.TensorNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
        String name, List<Long> shape, StoredTensor stored, StoredWeights weights, TensorNames.Location location) {
    /** The type in which it is read: the file's, or bfloat16 where the file quantizes. */
    StoredType type() {
        return weights.isQuantized() ? StoredType.BF16 : stored.type();
    }

    /** Entries along the first dimension; a vector is one row. */
    long rows() {
        return shape.size() == 1 ? 1 : shape.get(0);
    }

    /** Elements of a row. */
    long columns() {
        return elements() / rows();
    }

    long elements() {
        return shape.stream().reduce(1L, (a, b) -> a * b);
    }

    /** The first of its rows in the file's tensor. */
    long firstRow() {
        return rows() / location.count() * location.part();
    }

    /** The shape of the file's tensor that holds a tensor of ours. */
    static List<Long> wholeShape(TensorNames.Location location, List<Long> ours) {
        List<Long> whole = new ArrayList<>(Collections.nCopies(location.leadingOnes(), 1L));
        for (long dimension : plainShape(location, ours)) {
            whole.add(dimension);
        }
        return whole;
    }

    /** As {@link #wholeShape}, without leading ones. */
    static long[] plainShape(TensorNames.Location location, List<Long> ours) {
        return location.wholeShape(ours.stream().mapToLong(Long::longValue).toArray());
    }
}
