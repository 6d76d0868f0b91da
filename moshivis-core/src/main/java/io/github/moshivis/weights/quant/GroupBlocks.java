package io.github.moshivis.weights.quant;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.StoredType;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * GGUF's blocks that are plain groups, a scale for 32 values: Q8_0, Q4_0, Q4_1, Q5_0 and Q5_1, as {@code ggml-quants.c} of ggml-org/ggml
 * lays them out. The other types have scales of scales.
 *
 * @param type the type of the blocks
 * @param bits of a value
 * @param hasOffset whether an offset stands beside the scale; else zero is the middle of the values
 */
record GroupBlocks(StoredType type, int bits, boolean hasOffset) {
    /** Half the range of a byte: by so much a signed one is shifted to become unsigned. */
    private static final int SIGN = 128;

    static Optional<GroupBlocks> of(StoredType type) {
        return switch (type) {
            case Q8_0 -> Optional.of(new GroupBlocks(type, 8, false));
            case Q4_0 -> Optional.of(new GroupBlocks(type, 4, false));
            case Q4_1 -> Optional.of(new GroupBlocks(type, 4, true));
            case Q5_0 -> Optional.of(new GroupBlocks(type, 5, false));
            case Q5_1 -> Optional.of(new GroupBlocks(type, 5, true));
            default -> Optional.empty();
        };
    }

    /** Returns whether zero is the middle of the values of a width, whatever the scales. */
    boolean isSymmetric(int width) {
        return !hasOffset && width == bits;
    }

    /**
     * Reads rows.
     *
     * @param rows gives the bytes of a row; called by several threads
     * @param columns of a row
     * @param first the first row
     * @param count how many
     * @return on the CPU, in the open scope
     */
    GroupedWeights read(LongFunction<byte[]> rows, int columns, long first, long count) {
        int blocks = columns / type.blockElements();
        float[] scales = new float[Math.toIntExact(count * blocks)];
        float[] offsets = new float[scales.length];
        Tensor values = Dequantizer.bytes(
                (row, out, to) -> {
                    byte[] bytes = rows.apply(first + row);
                    for (int b = 0; b < blocks; b++) {
                        int at = b * type.blockBytes();
                        int group = (int) row * blocks + b;
                        scales[group] = BlockDecoder.half(bytes, at);
                        offsets[group] = hasOffset
                                ? BlockDecoder.half(bytes, at + Short.BYTES)
                                : -(1 << (bits - 1)) * scales[group];
                        values(bytes, at + (hasOffset ? 2 : 1) * Short.BYTES, out, to + b * type.blockElements());
                    }
                },
                count,
                columns);
        return new GroupedWeights(
                bits,
                type.blockElements(),
                values,
                Tensor.of(scales, Device.CPU, count, blocks),
                Tensor.of(offsets, Device.CPU, count, blocks));
    }

    private void values(byte[] bytes, int at, byte[] out, int to) {
        int half = type.blockElements() / 2;
        if (bits == Byte.SIZE) {
            for (int i = 0; i < 2 * half; i++) {
                out[to + i] = (byte) (bytes[at + i] ^ SIGN);
            }
            return;
        }
        int upper = bits == 5 ? word(bytes, at) : 0;
        int pairs = bits == 5 ? at + Integer.BYTES : at;
        for (int i = 0; i < half; i++) {
            int pair = bytes[pairs + i] & 0xFF;
            out[to + i] = (byte) (pair & 0xF | (upper >>> i & 1) << 4);
            out[to + half + i] = (byte) (pair >> 4 | (upper >>> i + half & 1) << 4);
        }
    }

    private static int word(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }
}
