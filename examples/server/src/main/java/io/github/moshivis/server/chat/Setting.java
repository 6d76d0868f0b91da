package io.github.moshivis.server.chat;

import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SamplingSetting;
import io.github.moshivis.SessionOptions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Numeric query parameters of one conversation: the sampling settings of {@link SamplingSetting}, with the server's narrower ranges,
 * and those of the picture. Defaults, sliders and steps are those of the reference's web page ({@code useModelParams.ts}); the
 * accepted ranges are those of the sliders and the values that switch a setting off.
 */
public enum Setting {
    /** See {@link SamplingSetting#TEXT_TEMPERATURE}. */
    TEXT_TEMPERATURE(SamplingSetting.TEXT_TEMPERATURE, new Range(0, 1.2), new Slider(0.2, 1.2, 0.01)),
    /** See {@link SamplingSetting#TEXT_TOP_K}. */
    TEXT_TOPK(SamplingSetting.TEXT_TOP_K, new Range(0, 500), new Slider(10, 500, 1)),
    /** See {@link SamplingSetting#TEXT_TOP_P}; not known to the page. */
    TEXT_TOPP(SamplingSetting.TEXT_TOP_P, new Range(0, 1), new Slider(0.05, 1, 0.01)),
    /** See {@link SamplingSetting#AUDIO_TEMPERATURE}. */
    AUDIO_TEMPERATURE(SamplingSetting.AUDIO_TEMPERATURE, new Range(0, 1.2), new Slider(0.2, 1.2, 0.01)),
    /** See {@link SamplingSetting#AUDIO_TOP_K}. */
    AUDIO_TOPK(SamplingSetting.AUDIO_TOP_K, new Range(0, 500), new Slider(10, 500, 1)),
    /** See {@link SamplingSetting#AUDIO_TOP_P}; not known to the page. */
    AUDIO_TOPP(SamplingSetting.AUDIO_TOP_P, new Range(0, 1), new Slider(0.05, 1, 0.01)),
    /** See {@link SamplingSetting#PAD_MULTIPLIER}. */
    PAD_MULT(SamplingSetting.PAD_MULTIPLIER, new Range(-4, 4), new Slider(-4, 4, 0.05)),
    /** See {@link SamplingSetting#REPETITION_CONTEXT}. */
    REPETITION_PENALTY_CONTEXT(SamplingSetting.REPETITION_CONTEXT, new Range(0, 200), new Slider(0, 200, 1)),
    /** See {@link SamplingSetting#REPETITION_PENALTY}. */
    REPETITION_PENALTY(SamplingSetting.REPETITION_PENALTY, new Range(1, 2), new Slider(1, 2, 0.01)),
    /** Pixels a side that pictures are resized to. The upper end is what the server's model was loaded for. */
    IMAGE_RESOLUTION(
            448,
            new Range(Setting.PATCH, 448),
            new Slider(160, 448, 16),
            (options, value) -> options.imageSize((int) value)),
    /** Number of first steps of 80 ms without the picture. */
    XA_START(16, new Range(0, 4500), new Slider(0, 32, 1), (options, value) -> options.imageStart((long) value)),
    /** See {@link SamplingSetting#GATE_INFLUENCE}. */
    TEXT_TEMPERATURE_GATING_INFLUENCE(SamplingSetting.GATE_INFLUENCE, new Range(0, 1), new Slider(0, 0.99, 0.01));

    /** Pixels a side of the image encoder's patches: no picture is smaller. */
    private static final int PATCH = 14;

    private final SamplingSetting sampling;
    private final String parameter;
    private final double standard;
    private final Range accepted;
    private final Slider slider;
    private final double leastNonZero;
    private final Change change;

    /**
     * Accepted values.
     *
     * @param min the least value
     * @param max the largest value
     */
    record Range(double min, double max) {}

    /**
     * Values that a page offers.
     *
     * @param min the least value
     * @param max the largest value
     * @param step from one to the next
     */
    record Slider(double min, double max, double step) {}

    /** Application of a value to the options. */
    private interface Change {
        SessionOptions of(SessionOptions options, double value);
    }

    Setting(SamplingSetting sampling, Range accepted, Slider slider) {
        this.sampling = sampling;
        this.parameter = sampling.wireName();
        this.standard = sampling.defaultOf(SamplingProfile.WEB_PAGE);
        this.accepted = accepted;
        this.slider = slider;
        this.leastNonZero = sampling.range().zero() ? sampling.range().min() : accepted.min;
        this.change = (options, value) -> options.sampling(now -> now.with(sampling, value));
    }

    Setting(double standard, Range accepted, Slider slider, Change change) {
        this.sampling = null;
        this.parameter = name().toLowerCase(Locale.ROOT);
        this.standard = standard;
        this.accepted = accepted;
        this.slider = slider;
        this.leastNonZero = accepted.min;
        this.change = change;
    }

    /** The options with this value. */
    SessionOptions apply(SessionOptions options, double value) {
        return change.of(options, value);
    }

    /**
     * The name in queries, in metadata and in configuration files.
     *
     * @return as the reference has it
     */
    public String parameter() {
        return parameter;
    }

    /**
     * Returns the setting of a name.
     *
     * @param parameter a {@link #parameter()}
     * @return empty if there is none
     */
    public static Optional<Setting> named(String parameter) {
        return Arrays.stream(values())
                .filter(setting -> setting.parameter().equals(parameter))
                .findFirst();
    }

    /** Default value. */
    double standard() {
        return standard;
    }

    /** Values that a page offers. */
    Slider slider() {
        return slider;
    }

    /** Returns whether only whole numbers are accepted. */
    boolean isWhole() {
        return slider.step >= 1;
    }

    /**
     * Returns whether the value may change during a talk.
     *
     * @return true for sampling, and for the size of later pictures
     */
    public boolean isChangeable() {
        return this == IMAGE_RESOLUTION || sampling().isPresent();
    }

    /** Returns the library's setting, which may change during a conversation; empty for settings of the picture. */
    Optional<SamplingSetting> sampling() {
        return Optional.ofNullable(sampling);
    }

    /**
     * Returns the nearest accepted value.
     *
     * @param asked any number that is one
     * @param maxImageSize what the model was loaded for
     */
    double clamp(double asked, int maxImageSize) {
        double max = this == IMAGE_RESOLUTION ? maxImageSize : accepted.max;
        double least = asked > 0 ? leastNonZero : accepted.min;
        return Math.max(least, Math.min(max, asked));
    }
}
