package io.github.moshivis.weights.file;

import java.util.Arrays;
import java.util.List;

/**
 * The name, stored type and shape of a tensor in a file.
 *
 * @param name the name in the file
 * @param type how an element is stored
 * @param shape the dimensions, outermost first; empty for a scalar; a zero dimension makes an empty tensor
 */
public record TensorSpec(String name, StoredType type, List<Long> shape) {
    /** More dimensions than any tensor of a released checkpoint has (4, the kernel of SigLIP's patch convolution). */
    static final int MAX_DIMENSIONS = 8;

    /**
     * Checks that the shape is one a tensor can have.
     *
     * @throws IllegalArgumentException for a negative dimension, more than 8 dimensions, more bytes than a long counts, or rows that
     *     are not whole blocks
     */
    public TensorSpec {
        shape = List.copyOf(shape);
        if (shape.size() > MAX_DIMENSIONS) {
            throw new IllegalArgumentException(
                    "shape with " + shape.size() + " dimensions, expected at most " + MAX_DIMENSIONS);
        }
        if (type.isBlock()) {
            long row = shape.isEmpty() ? 0 : shape.get(shape.size() - 1);
            if (row == 0 || row % type.blockElements() != 0) {
                throw new IllegalArgumentException("shape " + shape + ", expected rows of whole blocks of "
                        + type.blockElements() + " for " + type);
            }
        }
        long elements = 1;
        try {
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new IllegalArgumentException("shape " + shape + ", expected no negative dimension");
                }
                // An empty tensor's other dimensions are bounded too: strides are computed from them.
                elements = Math.multiplyExact(elements, Math.max(dimension, 1));
            }
            type.byteLength(elements);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape " + shape + ", expected one whose byte count fits 63 bits", e);
        }
    }

    /**
     * A tensor's specification.
     *
     * @param name the name in the file
     * @param type how an element is stored
     * @param shape the dimensions, outermost first
     * @return the specification
     * @throws IllegalArgumentException as the constructor
     */
    public static TensorSpec of(String name, StoredType type, long... shape) {
        return new TensorSpec(name, type, Arrays.stream(shape).boxed().toList());
    }

    /**
     * The product of the dimensions.
     *
     * @return the number of elements; 1 for a scalar
     */
    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }

    /**
     * The bytes of all elements.
     *
     * @return the bytes
     */
    public long byteLength() {
        return type.byteLength(elements());
    }
}
