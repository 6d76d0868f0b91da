package io.github.moshivis.lm;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Image keys and values that the rows of one tick attend to: the reader's window. Belongs to the scope of the tick.
 *
 * @param keys [B, H, N, D/H]
 * @param values [B, H, N, D/H]
 * @param mask tokens that a row attends to, [B, 1, 1, N], BOOL or {@link Ops#additiveMask}; null if all
 * @param used rows that attend to a picture, BOOL [B, 1, 1]; null if all
 * @param lengths for each row, the number of leading tokens that it attends to; null if the mask alone tells
 */
record ImageWindow(Tensor keys, Tensor values, Tensor mask, Tensor used, int[] lengths) {
    /** Chooses x [B, 1, ..] in rows that attend to a picture and exactly zero in the others, whatever x is there. */
    Tensor choose(Tensor x) {
        return used == null ? x : Ops.where(used, x, 0.0);
    }
}
