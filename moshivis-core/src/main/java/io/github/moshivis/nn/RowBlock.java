package io.github.moshivis.nn;

import io.github.moshivis.tensor.Device;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of the rows of a large product: a piece of work so short that conversations can wait for it. One layer of the released image
 * encoder takes two processors 200 ms, more than two frames.
 *
 * @param from the first row
 * @param count how many
 */
public record RowBlock(long from, long count) {
    /** Multiplications in a piece of work on the CPU: a quarter of a frame for two processors that do 10^11 a second. */
    private static final long CPU = 1L << 31;

    /** Multiplications in a piece of work elsewhere: a millisecond or less. */
    private static final long OTHER = 1L << 36;

    /**
     * Returns the maximum size of a piece of work.
     *
     * @param device where it is done
     * @return multiplications
     */
    public static long most(Device device) {
        return device.isCpu() ? CPU : OTHER;
    }

    /**
     * Divides rows into blocks of about the same size.
     *
     * @param rows how many there are, at least 1
     * @param cost multiplications that a row takes
     * @param most multiplications in a block that has more than one row
     * @return blocks that cover all rows, in order
     */
    public static List<RowBlock> of(long rows, long cost, long most) {
        long size = Math.max(1, most / cost);
        long blocks = (rows + size - 1) / size;
        List<RowBlock> all = new ArrayList<>();
        for (long i = 0; i < blocks; i++) {
            long from = rows * i / blocks;
            all.add(new RowBlock(from, rows * (i + 1) / blocks - from));
        }
        return List.copyOf(all);
    }
}
