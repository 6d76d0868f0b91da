package io.github.moshivis.weights.file;

/**
 * A tensor of an open file and where its bytes are.
 *
 * @param spec name, type and shape
 * @param offset the first byte, counted from the start of the file
 */
public record StoredTensor(TensorSpec spec, long offset) {
    /**
     * The name in the file.
     *
     * @return the name
     */
    public String name() {
        return spec.name();
    }

    /**
     * Returns the stored type of an element.
     *
     * @return the type
     */
    public StoredType type() {
        return spec.type();
    }

    /**
     * Returns the dimensions.
     *
     * @return the shape
     */
    public Shape shape() {
        return spec.shape();
    }

    /**
     * The number of bytes.
     *
     * @return the bytes
     */
    public long byteLength() {
        return spec.byteLength();
    }
}
