package io.github.moshivis.kernel;

/**
 * A form of packed matrices. Value (r, c) is {@code scale * q + offset}, q of few bits; without groups a row has one scale.
 *
 * @param bits 4 or 8
 * @param group neighbors in a row that share a scale: 32, 64, 128 or 256; 0 for one scale a row, with 8 bits
 * @param affine whether groups have offsets; else zero is the middle of the values
 */
public record PackedForm(int bits, int group, boolean affine) {
    /** 8 bits, a scale for each row. */
    public static final PackedForm INT8 = new PackedForm(8, 0, false);

    /** Rows of a block: products are shared by threads in multiples of this. */
    public static final int BLOCK_ROWS = 16;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if there is no such form
     */
    public PackedForm {
        boolean rows = bits == 8 && group == 0 && !affine;
        if (!rows && !(bits == 4 || bits == 8) || !rows && !hasGroup(group)) {
            throw new IllegalArgumentException("There is no packed form of " + bits + " bits in groups of " + group
                    + ": expected 4 or 8 bits in groups of 32, 64, 128 or 256, or 8 bits with one scale a row");
        }
    }

    /**
     * Returns whether there are forms with groups of a size.
     *
     * @param group neighbors that share a scale
     * @return whether there are
     */
    public static boolean hasGroup(int group) {
        return group == 32 || group == 64 || group == 128 || group == 256;
    }
}
