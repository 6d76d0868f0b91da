package io.github.moshivis.engine;

import io.github.moshivis.lm.Controls;
import io.github.moshivis.model.ImageEncoder;

/**
 * How one conversation wants its slot.
 *
 * @param controls how its tokens are chosen at first
 * @param textSeed of the text tokens' randomness
 * @param audioSeed of the codes' randomness
 * @param imageStart how many steps run without the picture
 * @param image the first picture, or null
 * @param pastSteps how many steps are taken to have gone before
 */
public record SlotOptions(
        Controls controls,
        long textSeed,
        long audioSeed,
        long imageStart,
        ImageEncoder.Prepared image,
        long pastSteps) {}
