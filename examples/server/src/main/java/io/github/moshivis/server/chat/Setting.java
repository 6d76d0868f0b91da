package io.github.moshivis.server.chat;

import io.github.moshivis.SessionOptions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The numbers that a caller may choose for its conversation by query parameters. Defaults, sliders and steps are those of the
 * reference's web page ({@code useModelParams.ts}); the accepted ranges go as far as sliders do, and include the values that switch
 * something off.
 */
public enum Setting {
    /** How freely words are chosen; 0 takes the most likely. */
    TEXT_TEMPERATURE(0.45, new Range(0, 1.2), new Slider(0.2, 1.2, 0.01), SessionOptions::textTemperature),
    /** How many of the most likely words take part; 0 is no limit. */
    TEXT_TOPK(25, new Range(0, 500), new Slider(10, 500, 1), (options, value) -> options.textTopK((int) value)),
    /** How much probability the words that take part have at least; 1 is no limit. Known from the MLX server. */
    TEXT_TOPP(1, new Range(0, 1), new Slider(0.05, 1, 0.01), SessionOptions::textTopP),
    /** How freely sounds are chosen; 0 takes the most likely. */
    AUDIO_TEMPERATURE(0.7, new Range(0, 1.2), new Slider(0.2, 1.2, 0.01), SessionOptions::audioTemperature),
    /** How many of the most likely sounds take part; 0 is no limit. */
    AUDIO_TOPK(250, new Range(0, 500), new Slider(10, 500, 1), (options, value) -> options.audioTopK((int) value)),
    /** How much probability the sounds that take part have at least; 1 is no limit. Known from the MLX server. */
    AUDIO_TOPP(1, new Range(0, 1), new Slider(0.05, 1, 0.01), SessionOptions::audioTopP),
    /** How much more likely silence is. */
    PAD_MULT(0, new Range(-4, 4), new Slider(-4, 4, 0.05), SessionOptions::padMultiplier),
    /** How many pieces of words count as said lately. */
    REPETITION_PENALTY_CONTEXT(
            64, new Range(0, 200), new Slider(0, 200, 1), (options, value) -> options.repetitionContext((int) value)),
    /** How much words that were said lately are avoided; 1 not at all. */
    REPETITION_PENALTY(1.15, new Range(1, 2), new Slider(1, 2, 0.01), SessionOptions::repetitionPenalty),
    /** Pixels a side that pictures are resized to. The upper end is what the server's model was loaded for. */
    IMAGE_RESOLUTION(
            448,
            new Range(Setting.PATCH, 448),
            new Slider(160, 448, 16),
            (options, value) -> options.imageSize((int) value)),
    /** Steps of 80 ms before the model looks at the picture. */
    XA_START(16, new Range(0, 4500), new Slider(0, 32, 1), (options, value) -> options.imageStart((long) value)),
    /** How much a look at the picture cools the words' temperature. */
    TEXT_TEMPERATURE_GATING_INFLUENCE(0, new Range(0, 1), new Slider(0, 0.99, 0.01), SessionOptions::gateInfluence);

    /** Pixels a side of the image encoder's patches: no picture is smaller. */
    private static final int PATCH = 14;

    /** The least temperature beside 0. Source: {@link SessionOptions#textTemperature}. */
    private static final double LEAST_TEMPERATURE = 0.001;

    private final double standard;
    private final Range accepted;
    private final Slider slider;
    private final Change change;

    /**
     * What is accepted.
     *
     * @param min the least value
     * @param max the largest value
     */
    record Range(double min, double max) {}

    /**
     * What a page offers.
     *
     * @param min the least value
     * @param max the largest value
     * @param step from one to the next
     */
    record Slider(double min, double max, double step) {}

    /** What makes the setting. */
    private interface Change {
        SessionOptions of(SessionOptions options, double value);
    }

    Setting(double standard, Range accepted, Slider slider, Change change) {
        this.standard = standard;
        this.accepted = accepted;
        this.slider = slider;
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
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The setting of that name.
     *
     * @param parameter a {@link #parameter()}
     * @return empty if there is none
     */
    public static Optional<Setting> named(String parameter) {
        return Arrays.stream(values())
                .filter(setting -> setting.parameter().equals(parameter))
                .findFirst();
    }

    /** What holds if a caller says nothing. */
    double standard() {
        return standard;
    }

    /** What a page offers. */
    Slider slider() {
        return slider;
    }

    /** Whether only whole numbers make sense. */
    boolean isWhole() {
        return slider.step >= 1;
    }

    /**
     * Whether the value may change during a talk.
     *
     * @return false for the step at which the picture begins to count
     */
    public boolean isChangeable() {
        return this != XA_START;
    }

    /**
     * The nearest value that is accepted.
     *
     * @param asked any number that is one
     * @param maxImageSize what the model was loaded for
     */
    double clamp(double asked, int maxImageSize) {
        double max = this == IMAGE_RESOLUTION ? maxImageSize : accepted.max;
        boolean isTemperature = this == TEXT_TEMPERATURE || this == AUDIO_TEMPERATURE;
        double least = isTemperature && asked > 0 ? LEAST_TEMPERATURE : accepted.min;
        return Math.max(least, Math.min(max, asked));
    }
}
