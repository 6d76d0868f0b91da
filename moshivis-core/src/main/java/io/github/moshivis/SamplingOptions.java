package io.github.moshivis;

import io.github.moshivis.layout.SamplingConfig;
import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.Sampling;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Settings of the choice of text tokens and audio codes. They can change while a conversation goes on, see {@link Session#update};
 * seeds are not among them. The modifiers of text act in the order of the Rust reference ({@code lm_generate_multistream.rs}):
 * repetition penalty on logits, gate influence on the temperature, pad multiplier on probabilities. A greedy choice knows the
 * repetition penalty only. Immutable and safe for use by several threads; every setter returns a copy.
 */
public final class SamplingOptions {
    private static final SamplingOptions DEFAULTS = of(SamplingProfile.PYTORCH);

    /** By {@link SamplingSetting#ordinal}; never changed after construction. */
    private final double[] values;

    private SamplingOptions(double[] values) {
        this.values = values;
    }

    /**
     * Default settings of this library: those of the PyTorch reference.
     *
     * @return the same each time
     */
    public static SamplingOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Default settings of a reference.
     *
     * @param profile which reference
     * @return all settings with the profile's values
     */
    public static SamplingOptions of(SamplingProfile profile) {
        Objects.requireNonNull(profile, "profile");
        return new SamplingOptions(Arrays.stream(SamplingSetting.values())
                .mapToDouble(setting -> setting.checked(setting.defaultOf(profile)))
                .toArray());
    }

    /**
     * Changes one setting.
     *
     * @param setting which
     * @param value within the setting's {@link SamplingSetting#range range}
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions with(SamplingSetting setting, double value) {
        Objects.requireNonNull(setting, "setting");
        double[] copy = values.clone();
        copy[setting.ordinal()] = setting.checked(value);
        return new SamplingOptions(copy);
    }

    /** The options with a model's own settings. */
    SamplingOptions with(SamplingConfig config) {
        SamplingOptions options = this;
        if (config.textTemperature().isPresent()) {
            options = options.textTemperature(config.textTemperature().getAsDouble());
        }
        if (config.textTopK().isPresent()) {
            options = options.textTopK(config.textTopK().getAsInt());
        }
        if (config.audioTemperature().isPresent()) {
            options = options.audioTemperature(config.audioTemperature().getAsDouble());
        }
        return config.audioTopK().isPresent()
                ? options.audioTopK(config.audioTopK().getAsInt())
                : options;
    }

    /**
     * Value of one setting.
     *
     * @param setting which
     * @return within the setting's range
     */
    public double get(SamplingSetting setting) {
        Objects.requireNonNull(setting, "setting");
        return values[setting.ordinal()];
    }

    /**
     * Sets the temperature of text tokens.
     *
     * @param value 0 takes the most likely token, else 0.001 to 100; default 0.7
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions textTemperature(double value) {
        return with(SamplingSetting.TEXT_TEMPERATURE, value);
    }

    /**
     * Sets the number of the most likely text tokens that take part.
     *
     * @param value 0 is no limit; default 25; more than there are is no limit either
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions textTopK(int value) {
        return with(SamplingSetting.TEXT_TOP_K, value);
    }

    /**
     * Sets the least probability of the text tokens that take part. A token must be within top-k and top-p both.
     *
     * @param value 0 (the most likely token) to 1 (no limit); default 1
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions textTopP(double value) {
        return with(SamplingSetting.TEXT_TOP_P, value);
    }

    /**
     * Sets the temperature of audio codes.
     *
     * @param value 0 takes the most likely code, else 0.001 to 100; default 0.8
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions audioTemperature(double value) {
        return with(SamplingSetting.AUDIO_TEMPERATURE, value);
    }

    /**
     * Sets the number of the most likely audio codes that take part.
     *
     * @param value 0 is no limit; default 250
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions audioTopK(int value) {
        return with(SamplingSetting.AUDIO_TOP_K, value);
    }

    /**
     * Sets the least probability of the audio codes that take part. A code must be within top-k and top-p both.
     *
     * @param value 0 (the most likely code) to 1 (no limit); default 1
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions audioTopP(double value) {
        return with(SamplingSetting.AUDIO_TOP_P, value);
    }

    /**
     * Sets the repetition penalty: logits of recent text tokens are divided by it if they are at least 0, else multiplied.
     *
     * @param value 0.01 to 100; 1, the default, changes nothing; the reference's web page asks for 1.15
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions repetitionPenalty(double value) {
        return with(SamplingSetting.REPETITION_PENALTY, value);
    }

    /**
     * Sets the number of recent text tokens that {@link #repetitionPenalty} applies to.
     *
     * @param tokens 0 to 256; padding does not count; default 64
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions repetitionContext(int tokens) {
        return with(SamplingSetting.REPETITION_CONTEXT, tokens);
    }

    /**
     * Makes silence in the text stream more or less likely: its probability is multiplied by the exponential of this. Changes
     * nothing at a text temperature of 0.
     *
     * @param exponent -30 to 30; more than 0 for more silence; default 0
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions padMultiplier(double exponent) {
        return with(SamplingSetting.PAD_MULTIPLIER, exponent);
    }

    /**
     * Lowers the text temperature while the model attends to the picture: it is multiplied by {@code 1 - influence * clamp(gate /
     * 0.016, 0, 0.99)}.
     *
     * @param influence 0 to 1; default 0
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SamplingOptions gateInfluence(double influence) {
        return with(SamplingSetting.GATE_INFLUENCE, influence);
    }

    /**
     * Always takes the most likely token and code; the same as both temperatures 0.
     *
     * @return a copy
     */
    public SamplingOptions greedy() {
        return textTemperature(0).audioTemperature(0);
    }

    /** The numbers of the step. The only place that makes them. */
    Controls controls() {
        return new Controls(
                new Sampling(
                        get(SamplingSetting.TEXT_TEMPERATURE),
                        (int) get(SamplingSetting.TEXT_TOP_K),
                        get(SamplingSetting.TEXT_TOP_P)),
                new Sampling(
                        get(SamplingSetting.AUDIO_TEMPERATURE),
                        (int) get(SamplingSetting.AUDIO_TOP_K),
                        get(SamplingSetting.AUDIO_TOP_P)),
                get(SamplingSetting.REPETITION_PENALTY),
                (int) get(SamplingSetting.REPETITION_CONTEXT),
                get(SamplingSetting.PAD_MULTIPLIER),
                get(SamplingSetting.GATE_INFLUENCE));
    }

    /**
     * All settings by their {@link SamplingSetting#wireName wire names}, as in recorded JSON.
     *
     * @return in the order of the list; whole numbers as {@link Long}, others as {@link Double}
     */
    public Map<String, Number> toMap() {
        Map<String, Number> map = new LinkedHashMap<>();
        for (SamplingSetting setting : SamplingSetting.values()) {
            double value = get(setting);
            Number number = value;
            if (setting.range().whole()) {
                number = (long) value;
            }
            map.put(setting.wireName(), number);
        }
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SamplingOptions options && Arrays.equals(values, options.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "SamplingOptions" + toMap();
    }
}
