package io.github.moshivis.load;

/** The type that the language model and the image encoder compute in. The codec always computes in float32. */
public enum Precision {
    /** 32-bit floats: exact for every released checkpoint, four bytes a weight. */
    F32,
    /** bfloat16, as the released checkpoints are stored: two bytes a weight, read in place on the CPU. */
    BF16
}
