package io.github.moshivis.server.chat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SamplingOptions;
import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SessionOptions;
import java.util.Optional;

/**
 * The loaded model as far as callers can ask for it.
 *
 * @param looks whether it can look at pictures
 * @param menu voices and roles; empty if it takes none
 * @param sampling of callers that ask for none, unless the operator set another
 */
public record ModelFeatures(boolean looks, Optional<VoiceMenu> menu, SamplingOptions sampling) {
    /** The sampling before there is a model. */
    static final SamplingOptions NO_MODEL = SamplingOptions.of(SamplingProfile.WEB_PAGE);

    /**
     * Looks at a model.
     *
     * @param model the model
     * @param options the operator's choice of voices
     * @return its features
     * @throws IllegalArgumentException if it has not what the operator chose
     */
    public static ModelFeatures of(MoshiVis model, VoiceOptions options) {
        Optional<VoiceMenu> menu = model.voices().map(released -> new VoiceMenu(options, released));
        if (menu.isEmpty() && !options.isDefault()) {
            throw new IllegalArgumentException("This model takes no voice and no role: found " + options
                    + ", expected PersonaPlex. Serve one, or leave --voices, --voice and --role out");
        }
        // PersonaPlex's server has the sampling of the PyTorch reference, for which the page of MoshiVis was not made.
        SamplingProfile profile = menu.isPresent() ? SamplingProfile.PYTORCH : SamplingProfile.WEB_PAGE;
        return new ModelFeatures(model.imageFeatures().isPresent(), menu, model.samplingDefaults(profile));
    }

    /**
     * A conversation as callers begin it that ask for nothing.
     *
     * @param options of the model
     * @return with the operator's voice and role
     */
    public SessionOptions standard(SessionOptions options) {
        return menu.map(all -> all.apply(options, all.voice(), all.role())).orElse(options);
    }
}
