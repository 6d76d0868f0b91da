package io.github.moshivis;

import io.github.moshivis.lm.Controls;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of {@link SamplingOptions}: the one list from which builders, query parameters, command-line flags, recorded JSON and
 * the tables of the documentation are made. All values are numbers.
 */
public enum SamplingSetting {
    /** Temperature of text tokens. */
    TEXT_TEMPERATURE(
            "text_temperature",
            "--text-temperature",
            Range.temperature(),
            new Defaults(0.7, 0.8, 0.45, 0.45),
            "Temperature of text tokens; 0 takes the most likely token"),
    /** Top-k of text tokens. */
    TEXT_TOP_K(
            "text_topk",
            "--text-top-k",
            Range.count(Integer.MAX_VALUE),
            new Defaults(25, 250, 0, 25),
            "Number of the most likely text tokens that take part; 0 is no limit"),
    /** Top-p of text tokens. */
    TEXT_TOP_P(
            "text_topp",
            "--text-top-p",
            Range.real(0, 1),
            new Defaults(1, 1, 0.95, 1),
            "Total probability of the most likely text tokens that take part, a share, not percent; 1 is no limit"),
    /** Temperature of audio codes. */
    AUDIO_TEMPERATURE(
            "audio_temperature",
            "--audio-temperature",
            Range.temperature(),
            new Defaults(0.8, 0.8, 0.7, 0.7),
            "Temperature of audio codes; 0 takes the most likely code"),
    /** Top-k of audio codes. */
    AUDIO_TOP_K(
            "audio_topk",
            "--audio-top-k",
            Range.count(Integer.MAX_VALUE),
            new Defaults(250, 250, 0, 250),
            "Number of the most likely audio codes that take part; 0 is no limit"),
    /** Top-p of audio codes. */
    AUDIO_TOP_P(
            "audio_topp",
            "--audio-top-p",
            Range.real(0, 1),
            new Defaults(1, 1, 0.95, 1),
            "Total probability of the most likely audio codes that take part, a share, not percent; 1 is no limit"),
    /** Repetition penalty of text logits. */
    REPETITION_PENALTY(
            "repetition_penalty",
            "--repetition-penalty",
            Range.real(0.01, 100),
            new Defaults(1, 1, 1, 1.15),
            "Repetition penalty of recent text tokens; more than 1 avoids them, 1 changes nothing"),
    /** Number of recent text tokens that the repetition penalty applies to. */
    REPETITION_CONTEXT(
            "repetition_penalty_context",
            "--repetition-context",
            Range.count(Controls.MAX_REPETITION_CONTEXT),
            new Defaults(64, 64, 64, 64),
            "Number of recent text tokens that the repetition penalty applies to, without padding"),
    /** Exponent of the factor of the padding token's probability. */
    PAD_MULTIPLIER(
            "pad_mult",
            "--pad-mult",
            // exp(30) is 1e13: padding is certain, or excluded.
            Range.real(-30, 30),
            new Defaults(0, 0, 0, 0),
            "Exponent of the factor of padding's probability; more than 0 for more silence, 0 changes nothing"),
    /** Influence of the image gate on the text temperature. */
    GATE_INFLUENCE(
            "text_temperature_gating_influence",
            "--gate-influence",
            Range.real(0, 1),
            new Defaults(0, 0, 0, 0),
            "Influence of the image gate, which lowers the text temperature; 0 changes nothing");

    private final String wireName;
    private final String flag;
    private final Range range;
    private final Defaults defaults;
    private final String meaning;

    SamplingSetting(String wireName, String flag, Range range, Defaults defaults, String meaning) {
        this.wireName = wireName;
        this.flag = flag;
        this.range = range;
        this.defaults = defaults;
        this.meaning = meaning;
    }

    /**
     * Accepted values.
     *
     * @param min the least value; with {@code zero}, the least value besides 0
     * @param max the largest value
     * @param whole whole numbers only
     * @param zero 0 is accepted although it is less than {@code min}
     */
    public record Range(double min, double max, boolean whole, boolean zero) {
        /** Logits divided by less than 0.001 overflow float32; at 100 all tokens are about equally likely. */
        private static Range temperature() {
            return new Range(0.001, 100, false, true);
        }

        private static Range count(int max) {
            return new Range(0, max, true, false);
        }

        private static Range real(double min, double max) {
            return new Range(min, max, false, false);
        }

        /**
         * Tests a value.
         *
         * @param value any number, NaN included
         * @return true if it is accepted
         */
        public boolean contains(double value) {
            return zero && value == 0 || value >= min && value <= max && (!whole || value == Math.rint(value));
        }

        @Override
        public String toString() {
            String least = number(min);
            return max == Integer.MAX_VALUE
                    ? "at least " + least
                    : (zero ? "0 or " : "") + least + " to " + number(max);
        }
    }

    private record Defaults(double pytorch, double rust, double mlx, double webPage) {}

    /**
     * Name in queries, in the servers' metadata, in configuration files and in recorded JSON.
     *
     * @return the reference's name where it has one
     */
    public String wireName() {
        return wireName;
    }

    /**
     * Flag on the command line.
     *
     * @return with its dashes
     */
    public String flag() {
        return flag;
    }

    /**
     * Accepted values.
     *
     * @return the library's range; a server may accept less
     */
    public Range range() {
        return range;
    }

    /**
     * Description for users.
     *
     * @return one sentence without its period
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Default value.
     *
     * @param profile origin of the default
     * @return a value in the range
     */
    public double defaultOf(SamplingProfile profile) {
        Objects.requireNonNull(profile, "profile");
        return switch (profile) {
            case PYTORCH -> defaults.pytorch;
            case RUST -> defaults.rust;
            case MLX -> defaults.mlx;
            case WEB_PAGE -> defaults.webPage;
        };
    }

    /**
     * Text of a value, for queries and messages.
     *
     * @param value a value of this setting
     * @return whole numbers without a fraction, if the setting has no others
     */
    public String format(double value) {
        return range.whole && value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /**
     * Finds a setting.
     *
     * @param wireName a {@link #wireName()}
     * @return empty if there is none
     */
    public static Optional<SamplingSetting> named(String wireName) {
        Objects.requireNonNull(wireName, "wireName");
        return Arrays.stream(values())
                .filter(setting -> setting.wireName.equals(wireName))
                .findFirst();
    }

    double checked(double value) {
        if (!range.contains(value)) {
            throw new IllegalArgumentException(
                    wireName + " must be " + range + " (" + meaning + "), found " + number(value) + "; correct it");
        }
        return value;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE
                ? String.valueOf((int) value)
                : String.valueOf(value);
    }
}
