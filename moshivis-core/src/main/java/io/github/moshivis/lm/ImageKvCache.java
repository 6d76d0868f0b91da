package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/** Image keys and values of all slots, [slots, H, maxTokens, D/H] each, and the number of tokens of each slot's picture. */
final class ImageKvCache implements AutoCloseable {
    private final int maxTokens;
    private final Tensor keys;
    private final Tensor values;
    private final int[] lengths;

    ImageKvCache(int slots, int heads, int maxTokens, int headDim, DType dtype, Device device) {
        try (Scope scope = Scope.open()) {
            this.maxTokens = maxTokens;
            this.lengths = new int[slots];
            this.keys = Tensor.zeros(dtype, device, slots, heads, maxTokens, headDim)
                    .keep();
            this.values = Tensor.zeros(dtype, device, slots, heads, maxTokens, headDim)
                    .keep();
        }
    }

    /** Sets a slot's picture and replaces the one it may have. */
    void put(int slot, CrossAttention.KeysValues keysValues) {
        int tokens = (int) keysValues.keys().size(1);
        if (tokens > maxTokens) {
            throw new IllegalArgumentException("A picture of " + tokens + " tokens does not fit into the " + maxTokens
                    + " that the model was loaded for; use a smaller image size");
        }
        write(keys, slot, tokens, keysValues.keys());
        write(values, slot, tokens, keysValues.values());
        lengths[slot] = tokens;
    }

    private static void write(Tensor all, int slot, int tokens, Tensor source) {
        Tensor target = all.select(0, slot); // [H, maxTokens, D/H]
        Tensor split = source.view(tokens, target.size(0), target.size(2)).transpose(0, 1); // [1, N, D] -> [H, N, D/H]
        target.narrow(1, 0, tokens).copyFrom(split);
    }

    /** Removes a slot's picture. */
    void reset(int slot) {
        lengths[slot] = 0;
    }

    boolean hasImage(int slot) {
        return lengths[slot] > 0;
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
                        rows.inputs(),
                        keys,
                        values,
                        used,
                        lengths,
                        rows.inputs().isReplayed() ? maxTokens : longest);
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
