package io.github.moshivis.weights.quant;

import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorBytes;
import java.util.Optional;

/** Reads the rows of a quantized matrix. Stateless: rows may be read in any order by several threads. */
public interface RowDecoder {
    /** Elements of a row. */
    int columns();

    /**
     * A row in plain numbers: {@code scale * q (+ offset)} in float32.
     *
     * @param row from 0
     * @param out takes its elements
     * @param to where the first goes
     */
    void decode(long row, float[] out, int to);

    /** Rows of a matrix in blocks. */
    record Blocks(TensorBytes stored, StoredType type, int columns) implements RowDecoder {
        @Override
        public void decode(long row, float[] out, int to) {
            byte[] bytes = row(row);
            int blocks = columns / type.blockElements();
            for (int b = 0; b < blocks; b++) {
                BlockDecoder.decode(type, bytes, b * type.blockBytes(), out, to + b * type.blockElements());
            }
        }

        /**
         * Rows as they are, see {@link GroupedWeights}.
         *
         * @param first the first row
         * @param count how many
         * @return empty if the type's blocks are not plain groups
         */
        public Optional<StoredGroups> groups(long first, long count) {
            return GroupBlocks.of(type)
                    .map(layout -> new StoredGroups(
                            layout.bits(),
                            type.blockElements(),
                            layout::isSymmetric,
                            () -> layout.read(this::row, columns, first, count)));
        }

        /** The bytes of a row. */
        private byte[] row(long row) {
            byte[] bytes = new byte[(int) type.byteLength(columns)];
            stored.window().get(stored.position() + (int) (row * bytes.length), bytes);
            return bytes;
        }
    }

    /**
     * Rows of a matrix in MLX's affine groups: element j of a row has the bits {@code [j * bits, (j + 1) * bits)} of the row's bytes,
     * the lowest first.
     *
     * @param stored the packed words
     * @param bits width of a value, 2 to 8
     * @param group elements that share scale and offset
     * @param scales of all groups, row by row
     * @param offsets of all groups, row by row
     */
    record Packed(TensorBytes stored, int columns, int bits, int group, float[] scales, float[] offsets)
            implements RowDecoder {
        @Override
        public void decode(long row, float[] out, int to) {
            byte[] values = new byte[columns];
            values(row, values, 0);
            int groups = columns / group;
            for (int g = 0; g < groups; g++) {
                float scale = scales[(int) row * groups + g];
                float offset = offsets[(int) row * groups + g];
                for (int i = g * group; i < (g + 1) * group; i++) {
                    out[to + i] = scale * (values[i] & 0xFF) + offset;
                }
            }
        }

        /** The values of a row, as unsigned bytes. */
        public void values(long row, byte[] out, int to) {
            byte[] packed = new byte[columns * bits / Byte.SIZE];
            stored.window().get(stored.position() + (int) (row * packed.length), packed);
            switch (bits) {
                case 8 -> System.arraycopy(packed, 0, out, to, columns);
                case 4 -> unpackPairs(packed, out, to);
                default -> unpack(packed, out, to);
            }
        }

        private static void unpackPairs(byte[] packed, byte[] out, int to) {
            for (int i = 0; i < packed.length; i++) {
                out[to + 2 * i] = (byte) (packed[i] & 0xF);
                out[to + 2 * i + 1] = (byte) (packed[i] >> 4 & 0xF);
            }
        }

        private void unpack(byte[] packed, byte[] out, int to) {
            int mask = (1 << bits) - 1;
            for (int j = 0; j < columns; j++) {
                int bit = j * bits;
                int at = bit >> 3;
                int next = at + 1 < packed.length ? packed[at + 1] & 0xFF : 0;
                int two = packed[at] & 0xFF | next << Byte.SIZE;
                out[to + j] = (byte) (two >> (bit & 7) & mask);
            }
        }
    }
}
