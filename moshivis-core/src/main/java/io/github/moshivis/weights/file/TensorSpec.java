package io.github.moshivis.weights.file;

/**
 * The name, stored type and shape of a tensor in a file.
 *
 * @param name the name in the file
 * @param type how an element is stored
 * @param shape the dimensions
 */
public record TensorSpec(String name, StoredType type, Shape shape) {
    /**
     * Checks that the type can be stored in the shape.
     *
     * @throws IllegalArgumentException for more bytes than a long counts, or rows that are not whole blocks
     */
    public TensorSpec {
        if (type.isBlock()) {
            long row = shape.rank() == 0 ? 0 : shape.dimension(shape.rank() - 1);
            if (row == 0 || row % type.blockElements() != 0) {
                throw new IllegalArgumentException("shape " + shape + ", expected rows of whole blocks of "
                        + type.blockElements() + " for " + type);
            }
        }
        try {
            type.byteLength(shape.extent());
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
     * @throws IllegalArgumentException as the constructor and {@link Shape#of}
     */
    public static TensorSpec of(String name, StoredType type, long... shape) {
        return new TensorSpec(name, type, Shape.of(shape));
    }

    /**
     * The bytes of all elements.
     *
     * @return the bytes
     */
    public long byteLength() {
        return type.byteLength(shape.elements());
    }
}
