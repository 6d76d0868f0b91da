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

    static void check(String key, int dim, int feedForward) {
        Check.require(feedForward >= 2 && feedForward <= 64 * Check.MAX_SIZE, key, feedForward, "at least 2");
        Check.require(of(dim, feedForward) >= 1, key, feedForward, "a width that leaves something to gate");
    }
}
