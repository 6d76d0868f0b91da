package io.github.moshivis.weights.file;

/**
 * The stored type of a tensor's elements in a file: little-endian scalars, by the names that safetensors uses, or blocks of quantized
 * elements, by the names of GGUF. Source of the blocks: {@code ggml-common.h} of ggml-org/ggml; {@code BlockDecoder} says what is in one.
 */
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
    /** Unsigned 32-bit integer; MLX packs quantized weights in it. */
    U32(4),
    /** Unsigned 16-bit integer. */
    U16(2),
    /** Unsigned 8-bit integer. */
    U8(1),
    /** One byte, 0 or 1. */
    BOOL(1),
    /** Blocks of 32 in 8 bits, with a scale. */
    Q8_0(32, 34),
    /** Blocks of 32 in 4 bits, with a scale. */
    Q4_0(32, 18),
    /** Blocks of 32 in 4 bits, with a scale and an offset. */
    Q4_1(32, 20),
    /** Blocks of 32 in 5 bits, with a scale. */
    Q5_0(32, 22),
    /** Blocks of 32 in 5 bits, with a scale and an offset. */
    Q5_1(32, 24),
    /** Blocks of 256 in 4 bits, with scales and offsets of 32 each in 6 bits. */
    Q4_K(256, 144),
    /** Blocks of 256 in 6 bits, with scales of 16 each in 8 bits. */
    Q6_K(256, 210);

    private final int blockElements;
    private final int blockBytes;

    StoredType(int elementBytes) {
        this(1, elementBytes);
    }

    StoredType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /**
     * Returns whether elements are stored in blocks, which lie along the rows.
     *
     * @return false for scalars
     */
    public boolean isBlock() {
        return blockElements > 1;
    }

    /**
     * Tells whether elements are plain floating-point numbers.
     *
     * @return false for integers and blocks
     */
    public boolean isFloating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /**
     * The elements that are stored together.
     *
     * @return 1 for scalars
     */
    public int blockElements() {
        return blockElements;
    }

    /**
     * The bytes that {@link #blockElements()} elements take.
     *
     * @return the bytes
     */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * The alignment in bytes at which elements can be read in place.
     *
     * @return 1, 2, 4 or 8; 1 for blocks, which are read byte by byte
     */
    public int alignment() {
        return isBlock() ? 1 : blockBytes;
    }

    /**
     * The bytes that a number of elements takes.
     *
     * @param elements zero or more
     * @return the bytes
     * @throws ArithmeticException if they are more than a long counts
     * @throws IllegalArgumentException if they do not fill whole blocks
     */
    public long byteLength(long elements) {
        if (elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    elements + " elements of " + this + ", expected whole blocks of " + blockElements);
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }
}
