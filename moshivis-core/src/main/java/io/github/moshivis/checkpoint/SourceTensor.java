package io.github.moshivis.checkpoint;

import io.github.moshivis.weights.StoredTensor;
import io.github.moshivis.weights.StoredType;
import io.github.moshivis.weights.TensorNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tensor of ours as a file holds it.
 *
 * @param name our name
 * @param shape our shape
 * @param stored the file's tensor
 * @param location which of its rows are ours
 * @param scales its scales, where MLX has quantised it
 */
record SourceTensor(
        String name,
        List<Long> shape,
        StoredTensor stored,
        TensorNames.Location location,
        Optional<StoredTensor> scales) {
    private static final String WEIGHT = ".weight";
    private static final Set<StoredType> PLAIN =
            Set.of(StoredType.F64, StoredType.F32, StoredType.F16, StoredType.BF16);

    static SourceTensor of(
            String name,
            List<Long> shape,
            StoredTensor stored,
            TensorNames.Location location,
            Map<String, StoredTensor> all) {
        return new SourceTensor(
                name, shape, stored, location, Optional.ofNullable(all.get(beside(stored.name(), ".scales"))));
    }

    private static String beside(String name, String suffix) {
        return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) + suffix : name + suffix;
    }

    /** All names in the file that belong to it. */
    Set<String> fileNames() {
        String name = stored.name();
        return isGrouped() ? Set.of(name, beside(name, ".scales"), beside(name, ".biases")) : Set.of(name);
    }

    private boolean isGrouped() {
        return stored.type() == StoredType.U32 && scales.isPresent();
    }

    boolean isQuantized() {
        return isGrouped() || stored.type().isBlock();
    }

    /** The type in which it is read: the file's, or bfloat16 where the file quantises. */
    StoredType type() {
        return isQuantized() ? StoredType.BF16 : stored.type();
    }

    /** How it is stored, for people: the type, or bits and group. */
    String storage() {
        return isGrouped()
                ? "q" + bits() + " group " + columns() / last(scales.get())
                : stored.type().name();
    }

    private long bits() {
        return last(stored) * Integer.SIZE / columns();
    }

    long rows() {
        return shape.size() == 1 ? 1 : shape.get(0);
    }

    long columns() {
        return elements() / rows();
    }

    long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }

    /** The first of its rows in the file's tensor. */
    long firstRow() {
        return rows() / location.count() * location.part();
    }

    /** What was found in the place of it, if it is not what it should be. */
    Optional<String> problem() {
        if (isGrouped()) {
            boolean whole = shape.size() == 2
                    && stored.shape().equals(List.of(rows(), columns() * bits() / Integer.SIZE))
                    && bits() > 0
                    && scales.get().shape().size() == 2
                    && last(scales.get()) > 0
                    && columns() % last(scales.get()) == 0;
            return whole ? Optional.empty() : Optional.of("has words " + stored.shape());
        }
        if (!isQuantized() && !PLAIN.contains(stored.type())) {
            return Optional.of("has type " + stored.type());
        }
        boolean same = withoutLeadingOnes(stored.shape()).equals(withoutLeadingOnes(wholeShape(location, shape)));
        return same ? Optional.empty() : Optional.of("has shape " + stored.shape());
    }

    private static long last(StoredTensor tensor) {
        return tensor.shape().isEmpty() ? 1 : tensor.shape().get(tensor.shape().size() - 1);
    }

    /** The shape of the file's tensor that holds a tensor of ours. */
    static List<Long> wholeShape(TensorNames.Location location, List<Long> ours) {
        List<Long> whole = new ArrayList<>(Collections.nCopies(location.leadingOnes(), 1L));
        for (long dimension :
                location.wholeShape(ours.stream().mapToLong(Long::longValue).toArray())) {
            whole.add(dimension);
        }
        return whole;
    }

    private static List<Long> withoutLeadingOnes(List<Long> shape) {
        int first = 0;
        while (first < shape.size() - 1 && shape.get(first) == 1) {
            first++;
        }
        return shape.subList(first, shape.size());
    }
}
