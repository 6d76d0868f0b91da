package io.github.moshivis.weights.quant;

import io.github.moshivis.weights.file.StoredType;

/** Decoder of blocks of quantized elements, computing in float32 in the order of {@code ggml-quants.c} of ggml-org/ggml. Stateless. */
public final class BlockDecoder {
    /** Elements of a small block, and of a sub-block of Q4_K. */
    private static final int SMALL = 32;

    /** Elements that share a scale in Q6_K. */
    private static final int Q6_SUB_BLOCK = 16;

    private BlockDecoder() {}

    /**
     * Decodes one block.
     *
     * @param type a block type
     * @param bytes holds the block
     * @param at where it starts
     * @param out takes its elements
     * @param to where the first goes
     */
    static void decode(StoredType type, byte[] bytes, int at, float[] out, int to) {
        switch (type) {
            case Q8_0 -> q8(bytes, at, out, to);
            case Q4_0 -> q4(half(bytes, at), -8 * half(bytes, at), bytes, at + 2, out, to);
            case Q4_1 -> q4(half(bytes, at), half(bytes, at + 2), bytes, at + 4, out, to);
            case Q5_0 -> q5(half(bytes, at), -16 * half(bytes, at), bytes, at + 2, out, to);
            case Q5_1 -> q5(half(bytes, at), half(bytes, at + 2), bytes, at + 4, out, to);
            case Q4_K -> q4k(bytes, at, out, to);
            case Q6_K -> q6k(bytes, at, out, to);
            default -> throw new IllegalArgumentException("Elements of type " + type + " do not come in blocks");
        }
    }

    /** Scale; 32 signed bytes. */
    private static void q8(byte[] bytes, int at, float[] out, int to) {
        float scale = half(bytes, at);
        for (int i = 0; i < SMALL; i++) {
            out[to + i] = scale * bytes[at + 2 + i];
        }
    }

    /**
     * 16 bytes: low halves are the first 16 elements, high halves the others. Without an offset of its own a type's values are
     * shifted by half their range; scale and shift have so few bits that the sum is exact.
     */
    private static void q4(float scale, float offset, byte[] bytes, int at, float[] out, int to) {
        for (int i = 0; i < SMALL / 2; i++) {
            int pair = bytes[at + i] & 0xFF;
            out[to + i] = scale * (pair & 0xF) + offset;
            out[to + SMALL / 2 + i] = scale * (pair >> 4) + offset;
        }
    }

    /** 32 fifth bits, the first element's lowest; then as {@link #q4}. */
    private static void q5(float scale, float offset, byte[] bytes, int at, float[] out, int to) {
        int fifth = short16(bytes, at) & 0xFFFF | short16(bytes, at + 2) << 16;
        for (int i = 0; i < SMALL / 2; i++) {
            int pair = bytes[at + 4 + i] & 0xFF;
            int low = pair & 0xF | (fifth >>> i & 1) << 4;
            int high = pair >> 4 | (fifth >>> i + SMALL / 2 & 1) << 4;
            out[to + i] = scale * low + offset;
            out[to + SMALL / 2 + i] = scale * high + offset;
        }
    }

    /**
     * Scale of the scales, scale of the offsets; 8 of each in 6 bits, in 12 bytes; 128 bytes, of which each 32 hold two sub-blocks, in
     * their low and in their high halves.
     */
    private static void q4k(byte[] bytes, int at, float[] out, int to) {
        float scaleUnit = half(bytes, at);
        float offsetUnit = half(bytes, at + 2);
        int packed = at + 4;
        int quants = at + 16;
        for (int sub = 0; sub < 8; sub++) {
            float scale = scaleUnit * sixBits(bytes, packed, sub, 0);
            float offset = offsetUnit * sixBits(bytes, packed, sub, 4);
            int from = quants + sub / 2 * SMALL;
            int shift = sub % 2 * 4;
            for (int i = 0; i < SMALL; i++) {
                out[to + sub * SMALL + i] = scale * ((bytes[from + i] & 0xFF) >> shift & 0xF) - offset;
            }
        }
    }

    /**
     * One of the 6-bit numbers of Q4_K: bytes 0 to 3 begin with the scales of the first four sub-blocks, bytes 4 to 7 with their
     * offsets; the others have their low halves in bytes 8 to 11 (scale low, offset high) and their upper two bits in the upper
     * bits of those first bytes.
     */
    private static int sixBits(byte[] bytes, int at, int sub, int kind) {
        if (sub < 4) {
            return bytes[at + kind + sub] & 0x3F;
        }
        int low = (bytes[at + 4 + sub] & 0xFF) >> kind & 0xF;
        int high = (bytes[at + kind + sub - 4] & 0xFF) >> 6;
        return high << 4 | low;
    }

    /**
     * 128 bytes of low halves, 64 of upper bit pairs, 16 signed scales, scale of the scales. Each half of the block: element j of its
     * 128 has its low half in byte j % 64, in that byte's high half from 64 on, and its upper bits in byte j % 32, in the pair j /
     * 32.
     */
    private static void q6k(byte[] bytes, int at, float[] out, int to) {
        float unit = half(bytes, at + 208);
        for (int j = 0; j < 256; j++) {
            int half = j / 128;
            int inHalf = j % 128;
            int low = (bytes[at + half * 64 + inHalf % 64] & 0xFF) >> inHalf / 64 * 4 & 0xF;
            int high = (bytes[at + 128 + half * 32 + inHalf % 32] & 0xFF) >> inHalf / 32 * 2 & 3;
            float scale = unit * bytes[at + 192 + j / Q6_SUB_BLOCK];
            out[to + j] = scale * ((high << 4 | low) - 32);
        }
    }

    static float half(byte[] bytes, int at) {
        return HalfFloat.toFloat(short16(bytes, at));
    }

    private static short short16(byte[] bytes, int at) {
        return (short) (bytes[at] & 0xFF | bytes[at + 1] << 8);
    }
}
