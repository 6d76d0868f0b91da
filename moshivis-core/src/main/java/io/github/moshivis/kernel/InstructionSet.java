package io.github.moshivis.kernel;

import java.util.Locale;

/** Instruction sets that kernels are compiled for, from the slowest to the fastest of each kind of processor. */
public enum InstructionSet {
    /** The instructions that every processor of the platform has. */
    PLAIN("plain"),
    /** x86-64 with AVX2, FMA and F16C. */
    AVX2("avx2"),
    /** x86-64 with AVX-512 (F, BW, VL, DQ) and VNNI. */
    AVX512_VNNI("avx512-vnni"),
    /** The same with bfloat16 dot products. */
    AVX512_VNNI_BF16("avx512-vnni-bf16"),
    /** Armv8.2 and later with dot products. */
    NEON_DOTPROD("neon-dotprod");

    private final String id;

    InstructionSet(String id) {
        this.id = id;
    }

    /** The number by which native code knows it. */
    int number() {
        return ordinal();
    }

    /** Returns whether it is in a mask of numbers. */
    boolean isIn(int mask) {
        return (mask >> number() & 1) != 0;
    }

    @Override
    public String toString() {
        return id.toLowerCase(Locale.ROOT);
    }
}
