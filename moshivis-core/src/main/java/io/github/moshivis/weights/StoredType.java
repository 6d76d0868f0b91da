package io.github.moshivis.weights;

/** How one element of a tensor is stored in a file: little-endian scalars, by the names that safetensors uses. */
public enum StoredType {
    /** IEEE 754 double. */
    F64(8),
    /** IEEE 754 single. */
    F32(4),
    /** IEEE 754 half. */
    F16(2),
    /** The upper half of an IEEE 754 single. */
    BF16(2),
    /** Signed 64-bit integer. */
    I64(8),
    /** Signed 32-bit integer. */
    I32(4),
    /** Signed 16-bit integer. */
    I16(2),
    /** Signed 8-bit integer. */
    I8(1),
    /** Unsigned 64-bit integer. */
    U64(8),
    /** Unsigned 32-bit integer; MLX packs quantised weights in it. */
    U32(4),
    /** Unsigned 16-bit integer. */
    U16(2),
    /** Unsigned 8-bit integer. */
    U8(1),
    /** One byte, 0 or 1. */
    BOOL(1);

    private final int elementBytes;

    StoredType(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /**
     * The alignment in bytes at which elements can be read in place.
     *
     * @return 1, 2, 4 or 8
     */
    public int alignment() {
        return elementBytes;
    }

    /**
     * The bytes that a number of elements takes.
     *
     * @param elements zero or more
     * @return the bytes
     * @throws ArithmeticException if they are more than a long counts
     */
    public long byteLength(long elements) {
        return Math.multiplyExact(elements, elementBytes);
    }
}
