package io.github.moshivis.lm;

import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/** Plans, on the host, the {@link ImageWindow} of one tick: the rows that attend to pictures and the pictures' lengths. */
final class ImageWindowPlan {
    private final KeysValues all;
    private final int rows;
    private final int longest;
    private final int[] seen;
    private final Input counts;
    private final Input visible;
    private final Input used;

    /**
     * Plans a window.
     *
     * @param all keys and values of all slots; not owned
     * @param used for each row, whether it attends
     * @param lengths for each slot, the number of tokens of its picture
     * @param longest number of tokens that the tick computes with
     */
    ImageWindowPlan(Inputs inputs, KeysValues all, boolean[] used, int[] lengths, int longest) {
        this.all = all;
        this.rows = used.length;
        this.longest = longest;
        long[] shown = new long[rows];
        int[] looked = new int[rows];
        boolean allUsed = true;
        boolean allVisible = true;
        for (int row = 0; row < rows; row++) {
            shown[row] =
                    used[row] ? lengths[row] : longest; // unused rows see anything: what they compute is not chosen
            looked[row] = used[row] ? lengths[row] : 1;
            allUsed &= used[row];
            allVisible &= shown[row] == longest;
        }
        boolean exact = inputs.device().isCpu() && !inputs.isReplayed();
        this.seen = exact ? looked : null;
        boolean kernel = exact && KeysValues.hasKernel((int) all.keys().size(3), inputs.device());
        this.counts = kernel ? inputs.add(Arrays.stream(looked).asLongStream().toArray(), rows) : null;
        this.visible = allVisible ? null : inputs.add(shown, rows, 1);
        this.used = allUsed && !inputs.isReplayed() ? null : inputs.add(used, rows, 1, 1);
    }

    /** The window on the device, in the scope of the tick. */
    ImageWindow window() {
        Tensor mask = null;
        if (visible != null) {
            mask = Ops.less(Tensor.arange(longest, all.keys().device()), visible.tensor()) // [B, N]
                    .view(rows, 1, 1, longest); // -> [B, 1, 1, N]
            mask = seen == null ? Ops.additiveMask(mask, all.keys().dtype()) : mask; // once for all layers
        }
        return new ImageWindow(
                all,
                rows,
                longest,
                counts == null ? null : counts.tensor(),
                mask,
                used == null ? null : used.tensor(),
                seen);
    }
}
