package io.github.moshivis.lm;

import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Image keys and values that the rows of one tick attend to: the reader's window. Belongs to the scope of the tick.
 *
 * @param all keys and values of all slots
 * @param rows B
 * @param longest N, the most tokens that a row attends to
 * @param counts for each row the number of leading tokens that it attends to, I64 [B], for the kernel; null if there is none
 * @param mask tokens that a row attends to, [B, 1, 1, N], BOOL or {@link Ops#additiveMask}; null if all
 * @param used rows that attend to a picture, BOOL [B, 1, 1]; null if all
 * @param lengths for each row, the number of leading tokens that it attends to; null if the mask alone tells
 */
record ImageWindow(KeysValues all, int rows, int longest, Tensor counts, Tensor mask, Tensor used, int[] lengths) {
    /** The keys, [B, H, N, D/H]. */
    Tensor keys() {
        return all.keys().narrow(0, 0, rows).narrow(2, 0, longest);
    }

    /** The values, [B, H, N, D/H]. */
    Tensor values() {
        return all.values().narrow(0, 0, rows).narrow(2, 0, longest);
    }

    /** Selects x [B, 1, ..] in rows that attend to a picture and exactly zero in all others. */
    Tensor choose(Tensor x) {
        return used == null ? x : Ops.where(used, x, 0.0);
    }
}
