package io.github.moshivis.lm;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * What the rows of one tick see of their pictures. Belongs to the scope of the tick.
 *
 * @param keys [B, H, N, D/H]
 * @param values [B, H, N, D/H]
 * @param mask which tokens a row looks at, [B, 1, 1, N], BOOL or {@link Ops#additiveMask}; null if all
 * @param used which rows look at all, BOOL [B, 1, 1]; null if all
 * @param lengths for each row, how many of the first tokens it looks at; null if the mask alone tells
 */
record ImageWindow(Tensor keys, Tensor values, Tensor mask, Tensor used, int[] lengths) {
    /** Chooses x [B, 1, ..] in rows that look at a picture and exactly zero in the others, whatever x is there. */
    Tensor choose(Tensor x) {
        return used == null ? x : Ops.where(used, x, 0.0);
    }
}
