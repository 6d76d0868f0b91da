package io.github.moshivis.layout;

/** The width inside a gated feed-forward, as the reference derives it (kyuteye {@code modules/utils.py}, ActivationGating). */
final class GatedWidth {
    private GatedWidth() {}

    /**
     * The hidden width: two thirds of the nominal width, but 21/8 of the model's where the nominal one is exactly four times it.
     *
     * @param dim the model's width
     * @param feedForward the nominal width ({@code dim_feedforward})
     * @return the hidden width; the input projection has twice as many rows
     */
    static int of(int dim, int feedForward) {
        return feedForward == 4 * dim ? 21 * dim / 8 : 2 * feedForward / 3;
    }

    /**
     * A nominal width that has a hidden width.
     *
     * @param dim the model's width
     * @param hidden the hidden width
     * @return a nominal width for which {@link #of} gives the hidden one
     * @throws IllegalArgumentException if there is none
     */
    static int nominal(int dim, int hidden) {
        Validation.size("dim", dim);
        Validation.size("hidden width of a feed-forward", hidden);
        int feedForward = (3 * hidden + 1) / 2;
        if (of(dim, feedForward) != hidden) { // four times the model's width, to which another rule applies
            feedForward++;
        }
        Validation.require(
                of(dim, feedForward) == hidden, "hidden width of a feed-forward", hidden, "one of a model of " + dim);
        return feedForward;
    }

    /**
     * The ratio of a nominal width to the model's, as configurations state it.
     *
     * @param dim the model's width
     * @param feedForward the nominal width
     * @return the ratio, whose product with the model's width rounds down to the nominal one
     */
    static double scale(int dim, int feedForward) {
        double scale = (double) feedForward / dim;
        return (int) (scale * dim) == feedForward ? scale : Math.nextUp(scale);
    }

    static void check(String key, int dim, int feedForward) {
        Validation.require(feedForward >= 2 && feedForward <= 64 * Validation.MAX_SIZE, key, feedForward, "at least 2");
        Validation.require(of(dim, feedForward) >= 1, key, feedForward, "a width that leaves something to gate");
    }
}
