package io.github.moshivis.server.chat;

import io.github.moshivis.SamplingOptions;
import io.github.moshivis.SamplingSetting;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSource;
import java.math.BigInteger;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings in the query of one connection, for its conversation only. Numbers outside their range are clamped, and the caller is told; text
 * that is not a number is refused.
 *
 * @param values the value of each setting
 * @param clamped requested values that were clamped
 * @param centerCrop whether pictures are cropped to the square at their center
 * @param textSeed empty for random
 * @param audioSeed empty for random
 * @param voicePrompt name of the voice that the model speaks with; empty for any
 * @param textPrompt the role that it plays; empty or blank for none
 * @param maxDuration how long the caller wants to talk at most
 * @param voice how sound travels, both ways
 * @param plainText whether text is wanted without its color
 * @param userWords whether the caller wants to be told what it says
 */
public record Query(
        Map<Setting, Double> values,
        Map<Setting, Double> clamped,
        boolean centerCrop,
        Optional<Long> textSeed,
        Optional<Long> audioSeed,
        Optional<String> voicePrompt,
        Optional<String> textPrompt,
        Optional<Duration> maxDuration,
        VoiceFormat voice,
        boolean plainText,
        boolean userWords) {
    /** Settings of the Rust server: packets and pages of 40 ms, for speech ({@code stream_both.rs}). */
    static final VoiceFormat OPUS = VoiceFormat.opus(OpusSettings.live().frame(Duration.ofMillis(40)));

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,40}\\.?\\d{0,40}|\\.\\d{1,40})([eE][+-]?\\d{1,3})?");
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,40}");
    private static final BigInteger MAX_SEED = BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);

    /** Cap of {@code max_steps} in the Rust server. */
    private static final long MAX_STEPS = 1_000_000;

    private static final Duration STEP = Duration.ofNanos(AudioSource.FRAME_NANOS);
    private static final int SHOWN = 40;

    /**
     * Parses a query.
     *
     * @param parameters decoded names and values
     * @param options defaults and forced values
     * @param model features that can be requested
     * @return the settings to use
     * @throws BadQueryException if a value is invalid, or the model lacks a feature
     */
    static Query of(Map<String, List<String>> parameters, ChatOptions options, ModelFeatures model) {
        Map<Setting, Double> values = new EnumMap<>(Setting.class);
        Map<Setting, Double> clamped = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            Optional<Double> asked = single(parameters, setting.parameter()).map(text -> number(setting, text));
            boolean free = !options.forced().containsKey(setting);
            double wanted = free && asked.isPresent() ? asked.get() : options.standard(setting, model.sampling());
            double used = setting.clamp(wanted, options.maxImageSize());
            values.put(setting, used);
            if (asked.isPresent() && asked.get() != used) {
                clamped.put(setting, asked.get());
            }
        }
        return new Query(
                values,
                clamped,
                choice(parameters, "center_crop", List.of("false", "true")) == 1,
                seed(parameters, "text_seed").or(() -> commonSeed(parameters)),
                seed(parameters, "audio_seed").or(() -> commonSeed(parameters)),
                voice(parameters, model),
                role(parameters, model),
                single(parameters, "max_steps").map(Query::steps),
                choice(parameters, "audio_format", List.of("opus", "pcm")) == 0 ? OPUS : VoiceFormat.PCM,
                plainText(parameters, model),
                choice(parameters, "user_text", List.of("0", "1")) == 1);
    }

    /** Sampling settings with the values of this query. */
    SamplingOptions sampling(SamplingOptions defaults) {
        SamplingOptions options = defaults;
        for (Map.Entry<Setting, Double> value : values.entrySet()) {
            Optional<SamplingSetting> setting = value.getKey().sampling();
            options = setting.isPresent() ? options.with(setting.get(), value.getValue()) : options;
        }
        return options;
    }

    /**
     * Returns a copy with another audio format.
     *
     * @param other the audio format
     * @return a copy
     */
    public Query voice(VoiceFormat other) {
        return new Query(
                values,
                clamped,
                centerCrop,
                textSeed,
                audioSeed,
                voicePrompt,
                textPrompt,
                maxDuration,
                other,
                plainText,
                userWords);
    }

    private static Optional<String> single(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new BadQueryException("Cannot use the parameter " + name + ": found it " + values.size()
                    + " times, expected it once. Leave the others out");
        }
        return values.stream().findFirst();
    }

    private static double number(Setting setting, String text) {
        Pattern form = setting.isWhole() ? WHOLE : NUMBER;
        if (!form.matcher(text).matches()) {
            throw bad(setting.parameter(), text, setting.isWhole() ? "a whole number" : "a number");
        }
        return Double.parseDouble(text);
    }

    private static Optional<Long> seed(Map<String, List<String>> parameters, String name) {
        return single(parameters, name)
                .map(text ->
                        whole(name, text).max(BigInteger.ZERO).min(MAX_SEED).longValue());
    }

    /** PersonaPlex's server has one seed; a value below 0 means random. */
    private static Optional<Long> commonSeed(Map<String, List<String>> parameters) {
        return single(parameters, "seed")
                .map(text -> whole("seed", text))
                .filter(seed -> seed.signum() >= 0)
                .map(seed -> seed.min(MAX_SEED).longValue());
    }

    private static Optional<String> voice(Map<String, List<String>> parameters, ModelFeatures model) {
        Optional<String> asked = single(parameters, "voice_prompt").filter(name -> !name.isBlank());
        if (asked.isEmpty()) {
            return model.menu().flatMap(VoiceMenu::voice);
        }
        VoiceMenu menu = menu("voice_prompt", asked.get(), model);
        return menu.named(asked.get()).or(() -> {
            throw bad("voice_prompt", asked.get(), "one of " + menu.names());
        });
    }

    private static Optional<String> role(Map<String, List<String>> parameters, ModelFeatures model) {
        Optional<String> asked = single(parameters, "text_prompt");
        asked.filter(role -> !role.isBlank()).ifPresent(role -> menu("text_prompt", role, model));
        return asked.or(() -> model.menu().flatMap(VoiceMenu::role));
    }

    private static VoiceMenu menu(String parameter, String asked, ModelFeatures model) {
        return model.menu()
                .orElseThrow(() -> bad(parameter, asked, "none, as this server's model takes no voice and no role"));
    }

    /** Colored text for models with vision; plain text otherwise, which Moshi's terminal clients support. */
    private static boolean plainText(Map<String, List<String>> parameters, ModelFeatures model) {
        List<String> formats = model.looks() ? List.of("colored", "plain") : List.of("plain", "colored");
        return formats.get(choice(parameters, "text_format", formats)).equals("plain");
    }

    private static Duration steps(String text) {
        BigInteger steps = whole("max_steps", text);
        return STEP.multipliedBy(
                steps.max(BigInteger.ONE).min(BigInteger.valueOf(MAX_STEPS)).longValue());
    }

    private static BigInteger whole(String name, String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw bad(name, text, "a whole number");
        }
        return new BigInteger(text);
    }

    private static int choice(Map<String, List<String>> parameters, String name, List<String> choices) {
        Optional<String> text = single(parameters, name);
        int index = choices.indexOf(text.orElse(choices.get(0)).toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw bad(name, text.orElseThrow(), "one of " + choices);
        }
        return index;
    }

    private static BadQueryException bad(String name, String found, String expected) {
        String shown = found.substring(0, Math.min(SHOWN, found.length())).replaceAll("[^\\x20-\\x7e]", "?");
        return new BadQueryException("Cannot use the parameter " + name + ": found '" + shown + "', expected "
                + expected + ". Correct it or leave it out");
    }
}
