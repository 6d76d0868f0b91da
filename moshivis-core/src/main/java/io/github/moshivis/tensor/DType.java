package io.github.moshivis.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types of tensors. */
public enum DType {
    /** IEEE 754 single. */
    F32(4, ScalarType.Float),
    /** Upper half of a single: 8 bits of exponent, 8 of significand. */
    BF16(2, ScalarType.BFloat16),
    /** IEEE 754 half. */
    F16(2, ScalarType.Half),
    /** IEEE 754 double. */
    F64(8, ScalarType.Double),
    /** 64-bit signed integer; the type of ids and codes. */
    I64(8, ScalarType.Long),
    /** 32-bit signed integer. */
    I32(4, ScalarType.Int),
    /** 16-bit signed integer. */
    I16(2, ScalarType.Short),
    /** 8-bit signed integer. */
    I8(1, ScalarType.Char),
    /** 8-bit unsigned integer. */
    U8(1, ScalarType.Byte),
    /** 8-bit floating point with 4 bits of exponent and 4 of significand, finite only (e4m3fn): weights and vectors of some products. */
    F8(1, ScalarType.Float8_e4m3fn),
    /** One byte, 0 or 1. */
    BOOL(1, ScalarType.Bool);

    private final int bytes;
    private final ScalarType scalarType;

    DType(int bytes, ScalarType scalarType) {
        this.bytes = bytes;
        this.scalarType = scalarType;
    }

    /**
     * The size of one element.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    ScalarType scalarType() {
        return scalarType;
    }

    static DType of(ScalarType scalarType) {
        for (DType dtype : values()) {
            if (dtype.scalarType.value == scalarType.value) {
                return dtype;
            }
        }
        throw new IllegalStateException(
                "LibTorch returned a tensor of type " + scalarType + ", which is not used here");
    }
}
