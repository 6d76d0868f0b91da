package io.github.moshivis.layout;

import java.util.OptionalInt;

/**
 * The sizes of a whole model.
 *
 * @param lm the language model
 * @param mimi the speech codec
 * @param vision the image encoder; unused if the language model sees no images
 */
public record ModelConfig(LmConfig lm, MimiConfig mimi, VisionConfig vision) {
    /** The released MoshiVis. */
    public static final ModelConfig MOSHIKA_VIS =
            new ModelConfig(LmConfig.MOSHIKA_VIS, MimiConfig.MIMI_V0_1, VisionConfig.SIGLIP_SO400M_448);

    /**
     * Checks that the parts fit.
     *
     * @throws IllegalArgumentException naming the key, the value found, and the values allowed
     */
    public ModelConfig {
        Validation.require(
                lm.audioCard() == mimi.quantizer().bins(),
                "audio_card",
                lm.audioCard(),
                "the codec's quantizer.bins = " + mimi.quantizer().bins());
        int used = Math.max(lm.modelCodebooks(), lm.userCodebooks());
        Validation.require(
                used <= mimi.quantizer().codebooks(),
                "n_q, dep_q",
                used + " streams a voice",
                "at most the codec's quantizer.n_q = " + mimi.quantizer().codebooks());
    }

    /**
     * The same model with or without its image side, where the configuration leaves it to the weights.
     *
     * @param seesImages whether the weights have a cross-attention; if so, image tokens are as wide as the language model
     * @return the sizes
     */
    public ModelConfig images(boolean seesImages) {
        OptionalInt width = seesImages ? OptionalInt.of(lm.dim()) : OptionalInt.empty();
        return new ModelConfig(lm.imageDim(width), mimi, vision);
    }

    /**
     * Returns whether image tokens pass through a linear projection before they are attended; the reference has none where the widths
     * agree.
     *
     * @return true in the released model
     */
    public boolean projectsImages() {
        return lm.seesImages() && lm.imageDim().getAsInt() != vision.hidden();
    }
}
