package io.github.moshivis.engine;

import io.github.moshivis.lm.Controls;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import java.util.function.Supplier;

/**
 * Settings of one conversation's slot.
 *
 * @param controls how its tokens are chosen at first
 * @param textSeed of the text tokens' randomness
 * @param audioSeed of the codes' randomness
 * @param imageStart how many steps run without the picture
 * @param image starts the encoding of the first picture; null for none
 * @param prompt the conversation's prompt; null for none
 * @param textPrompt text tokens that are written before the model writes freely; empty for none
 * @param pastSteps how many steps are taken to have gone before
 */
public record SlotOptions(
        Controls controls,
        long textSeed,
        long audioSeed,
        long imageStart,
        Supplier<ImageEncoder.Encoding> image,
        PromptRequest prompt,
        int[] textPrompt,
        long pastSteps) {}
