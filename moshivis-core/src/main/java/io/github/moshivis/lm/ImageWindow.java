package io.github.moshivis.lm;

import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/** What the rows of one tick see of their pictures. Belongs to the scope of the tick. */
final class ImageWindow {
    private final Tensor keys;
    private final Tensor values;
    private final Tensor mask;
    private final Tensor used;
    private final int[] seen;

    ImageWindow(Device device, Tensor allKeys, Tensor allValues, boolean[] used, int[] lengths, int longest) {
        int rows = used.length;
        long[] visible = new long[rows];
        this.seen = new int[rows];
        boolean allUsed = true;
        boolean allVisible = true;
        for (int row = 0; row < rows; row++) {
            visible[row] =
                    used[row] ? lengths[row] : longest; // unused rows see anything: what they compute is not chosen
            this.seen[row] = used[row] ? lengths[row] : 1;
            allUsed &= used[row];
            allVisible &= visible[row] == longest;
        }
        keys = allKeys.narrow(0, 0, rows).narrow(2, 0, longest); // [B, H, N, D/H]
        values = allValues.narrow(0, 0, rows).narrow(2, 0, longest);
        Tensor shown =
                allVisible ? null : Ops.less(Tensor.arange(longest, device), Tensor.of(visible, device, rows, 1));
        mask = allVisible ? null : shown.view(rows, 1, 1, longest); // [B, N] -> [B, 1, 1, N]
        this.used = allUsed ? null : Tensor.of(used, device).view(rows, 1, 1);
    }

    Tensor keys() {
        return keys;
    }

    Tensor values() {
        return values;
    }

    /** For each row, how many of the first tokens it looks at. */
    int[] lengths() {
        return seen;
    }

    Tensor mask() {
        return mask;
    }

    /** Chooses x [B, 1, ..] in rows that look at a picture and exactly zero in the others, whatever x is there. */
    Tensor choose(Tensor x) {
        return used == null ? x : Ops.where(used, x, 0.0);
    }
}
