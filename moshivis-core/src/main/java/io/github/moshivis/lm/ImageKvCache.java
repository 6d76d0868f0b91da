package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/** Image keys and values of all slots, [slots, H, maxTokens, D/H] each, and the number of tokens of each slot's picture. */
final class ImageKvCache implements AutoCloseable {
    private final int maxTokens;
    private final KeysValues all;
    private final int[] lengths;
    private final long[] starts;

    ImageKvCache(int slots, int heads, int maxTokens, int headDim, DType dtype, Device device) {
        this.maxTokens = maxTokens;
        this.lengths = new int[slots];
        this.starts = new long[slots];
        this.all = new KeysValues(slots, heads, maxTokens, headDim, dtype, device);
        try (Scope scope = Scope.open()) {
            all.clearAll(); // masked tokens must be numbers, and replayed ticks mask
        }
    }

    /** Sets a slot's picture and replaces the one it may have. */
    void put(int slot, CrossAttention.ImageKeysValues keysValues) {
        int tokens = (int) keysValues.keys().size(1);
        if (tokens > maxTokens) {
            throw new IllegalArgumentException("A picture of " + tokens + " tokens does not fit into the " + maxTokens
                    + " that the model was loaded for; use a smaller image size");
        }
        all.write(slot, split(keysValues.keys()), split(keysValues.values()));
        lengths[slot] = tokens;
    }

    private Tensor split(Tensor source) {
        Tensor keys = all.keys();
        return source.view(source.size(1), keys.size(1), keys.size(3)).transpose(0, 1); // [1, N, D] -> [H, N, D/H]
    }

    /** Removes a slot's picture. */
    void reset(int slot) {
        lengths[slot] = 0;
    }

    /** Sets the first step of a slot that attends to its picture; holds for later pictures too. */
    void start(int slot, long step) {
        starts[slot] = step;
    }

    /** Tells whether a slot has a picture that the given step attends to. */
    boolean isSeen(int slot, long step) {
        return lengths[slot] > 0 && step >= starts[slot];
    }

    /**
     * Plans the window through which the rows of one tick see their pictures.
     *
     * @param rows the rows of the tick
     * @param looks for each row, whether it attends to its picture
     * @return the plan, or null if no active row attends to one
     */
    ImageWindowPlan plan(Rows rows, boolean[] looks) {
        boolean[] used = new boolean[rows.count()];
        int longest = 0;
        for (int row = 0; row < used.length; row++) {
            used[row] = rows.isActive(row) && looks[row] && lengths[row] > 0;
            longest = Math.max(longest, used[row] ? lengths[row] : 0);
        }
        rows.inputs().decide(longest > 0);
        return longest == 0
                ? null
                : new ImageWindowPlan(
                        rows.inputs(), all, used, lengths, rows.inputs().isReplayed() ? maxTokens : longest);
    }

    @Override
    public void close() {
        all.close();
    }
}
