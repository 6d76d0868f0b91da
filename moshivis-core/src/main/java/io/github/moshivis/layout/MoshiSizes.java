package io.github.moshivis.layout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * Sizes that the tensors of a plain Moshi state, for a model that comes without a configuration, as J-Moshi does. What no tensor states is
 * the release's: the numbers of heads, the window, the base of the rotary embedding, the padding token, and delays of one step for all
 * codebooks but the first of each voice.
 *
 * @param dim width of the temporal transformer
 * @param layers its layers
 * @param hidden width inside its gated feed-forwards
 * @param textCard text tokens that can be produced
 * @param audioCard entries of an audio codebook
 * @param audioStreams audio streams that are fed
 * @param depthSteps steps of the depth transformer; one for each audio stream in PersonaPlex, of which half are computed
 * @param depthDim width of the depth transformer
 * @param depthLayers its layers
 * @param depthHidden width inside its gated feed-forwards
 */
public record MoshiSizes(
        int dim,
        int layers,
        int hidden,
        int textCard,
        int audioCard,
        int audioStreams,
        int depthSteps,
        int depthDim,
        int depthLayers,
        int depthHidden) {
    private static final LmConfig RELEASED = LmConfig.MOSHIKA_VIS;

    /**
     * The sizes of the whole language model.
     *
     * @return the sizes
     * @throws IllegalArgumentException if one is out of range, or the release's number of heads does not divide a width; names the key
     */
    public LmConfig config() {
        Validation.codebooks("n_q", audioStreams);
        int modelCodebooks = modelCodebooks(audioStreams, depthSteps);
        int depthFeedForward = GatedWidth.nominal(depthDim, depthHidden);
        DepthConfig depth =
                new DepthConfig(depthDim, RELEASED.depth().heads(), depthLayers, modelCodebooks, depthFeedForward);
        return new LmConfig(
                dim,
                RELEASED.heads(),
                layers,
                RELEASED.context(),
                RELEASED.maxPeriod(),
                GatedWidth.scale(dim, GatedWidth.nominal(dim, hidden)),
                textCard,
                RELEASED.paddingToken(),
                audioCard,
                audioStreams,
                modelCodebooks,
                delays(modelCodebooks),
                depth,
                OptionalInt.empty(),
                null);
    }

    /** The codebooks that a model generates: PersonaPlex has depth steps for the user's codes too, which only its training needs. */
    static int modelCodebooks(int audioStreams, int depthSteps) {
        return depthSteps == audioStreams && depthSteps > 1 ? audioStreams / 2 : depthSteps;
    }

    private List<Integer> delays(int modelCodebooks) {
        List<Integer> delays = new ArrayList<>(Collections.nCopies(audioStreams + 1, 1));
        delays.set(0, 0);
        delays.set(1, 0);
        if (modelCodebooks < audioStreams) {
            delays.set(1 + modelCodebooks, 0);
        }
        return delays;
    }
}
