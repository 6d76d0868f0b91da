package io.github.moshivis.engine;

import io.github.moshivis.lm.Sampling;
import io.github.moshivis.model.ImageEncoder;

/**
 * How one conversation wants its slot.
 *
 * @param text how text tokens are chosen
 * @param audio how codes are chosen
 * @param textSeed of the text tokens' randomness
 * @param audioSeed of the codes' randomness
 * @param imageStart how many steps run without the picture
 * @param image the first picture, or null
 * @param pastSteps how many steps are taken to have gone before
 */
public record SlotOptions(
        Sampling text,
        Sampling audio,
        long textSeed,
        long audioSeed,
        long imageStart,
        ImageEncoder.Prepared image,
        long pastSteps) {}
