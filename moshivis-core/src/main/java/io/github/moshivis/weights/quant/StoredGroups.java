package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.Device;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * A matrix in groups in a file, not read yet.
 *
 * @param bits width of a value, 2 to 8
 * @param group neighbors in a row that share a scale
 * @param symmetry whether all offsets put zero into the middle of the values of a width of at least {@code bits}
 * @param reader reads the matrix, in the open scope
 */
public record StoredGroups(int bits, int group, IntPredicate symmetry, Supplier<GroupedWeights> reader) {
    /** The same matrix, read to a device. */
    public StoredGroups to(Device device) {
        return new StoredGroups(bits, group, symmetry, () -> read().to(device));
    }

    boolean isSymmetric(int width) {
        return symmetry.test(width);
    }

    /** Reads the matrix, in the open scope. */
    public GroupedWeights read() {
        return reader.get();
    }
}
