package io.github.moshivis.server.chat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SamplingOptions;
import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SessionOptions;
import java.util.Optional;

/**
 * Features of the loaded model that callers can request.
 *
 * @param looks whether it has vision
 * @param menu voices and roles; empty if it has none
 * @param sampling default sampling, unless the operator set another
 */
public record ModelFeatures(boolean looks, Optional<VoiceMenu> menu, SamplingOptions sampling) {
    /** Default sampling before the model is loaded. */
    static final SamplingOptions NO_MODEL = SamplingOptions.of(SamplingProfile.WEB_PAGE);

    /**
     * Returns the features of a model.
     *
     * @param model the model
     * @param options the operator's choice of voices
     * @return its features
     * @throws IllegalArgumentException if it lacks a chosen voice or role
     */
    public static ModelFeatures of(MoshiVis model, VoiceOptions options) {
        Optional<VoiceMenu> menu = model.voices().map(released -> new VoiceMenu(options, released));
        if (menu.isEmpty() && !options.isDefault()) {
            throw new IllegalArgumentException("This model takes no voice and no role: found one,"
                    + " expected none, or PersonaPlex. Serve PersonaPlex, or leave --voices, --voice and --role out");
        }
        // PersonaPlex's server uses the sampling of the PyTorch reference, not that of MoshiVis's page.
        SamplingProfile profile = menu.isPresent() ? SamplingProfile.PYTORCH : SamplingProfile.WEB_PAGE;
        return new ModelFeatures(model.imageFeatures().isPresent(), menu, model.samplingDefaults(profile));
    }

    /**
     * Returns the options of a conversation with default settings.
     *
     * @param options of the model
     * @return options with the operator's voice and role
     */
    public SessionOptions standard(SessionOptions options) {
        return menu.map(all -> all.apply(options, all.voice(), all.role())).orElse(options);
    }
}
