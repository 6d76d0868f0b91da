package io.github.moshivis.cli;

import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SamplingSetting;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.client.ChatSettings;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Flags of sampling, one for each {@link SamplingSetting}, and of seeds: shared by all commands that hold conversations. */
final class SamplingOptions {
    private final Map<SamplingSetting, Double> values = new EnumMap<>(SamplingSetting.class);

    @Option(names = "--greedy", description = "Always take the most likely: both temperatures are 0.")
    private boolean greedy;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random choices: sets both of the following. Default: another each time.")
    private Long seed;

    @Option(names = "--text-seed", paramLabel = "N", description = "Seed of the choices of text tokens.")
    private Long textSeed;

    @Option(names = "--audio-seed", paramLabel = "N", description = "Seed of the choices of audio codes.")
    private Long audioSeed;

    /** Adds a flag for each setting to the command that has these options; called by picocli. */
    @Spec(Spec.Target.MIXEE)
    void addFlags(CommandSpec command) {
        for (SamplingSetting setting : SamplingSetting.values()) {
            boolean whole = setting.range().whole();
            String standard =
                    setting.format(setting.defaultOf(SamplingProfile.PYTORCH)).replaceAll("\\.0$", "");
            command.addOption(OptionSpec.builder(setting.flag())
                    .paramLabel(whole ? "N" : "F")
                    .type(whole ? Integer.class : Double.class)
                    .description(setting.meaning() + "; " + setting.range() + ". Default: " + standard + ".")
                    .setter(new ISetter() {
                        @Override
                        @SuppressWarnings("unchecked")
                        public <T> T set(T value) {
                            Double old = value == null
                                    ? values.remove(setting)
                                    : values.put(setting, ((Number) value).doubleValue());
                            return (T) old;
                        }
                    })
                    .build());
        }
    }

    /** Checks what can be checked without a model. */
    void check() {
        Stream.of(SamplingSetting.TEXT_TEMPERATURE, SamplingSetting.AUDIO_TEMPERATURE)
                .map(values::get)
                .filter(temperature -> greedy && temperature != null && temperature != 0)
                .findFirst()
                .ifPresent(temperature -> {
                    throw new IllegalArgumentException("--greedy sets both temperatures to 0: found a temperature of "
                            + temperature + " beside it, expected none. Leave one of the options out");
                });
    }

    /** Options with the given flags; all else stays as it is. */
    SessionOptions apply(SessionOptions defaults) {
        SessionOptions options = defaults.sampling(sampling());
        options = seed == null ? options : options.seed(seed);
        options = textSeed == null ? options : options.textSeed(textSeed);
        return audioSeed == null ? options : options.audioSeed(audioSeed);
    }

    /**
     * Options with the given flags for one of many conversations: seeds that were not given are 0, and each conversation adds its own
     * number to them, so that it draws as no other does, and the same each time.
     */
    SessionOptions apply(SessionOptions defaults, long number) {
        long both = seed == null ? 0 : seed;
        return defaults.sampling(sampling())
                .textSeed(number + (textSeed == null ? both : textSeed))
                .audioSeed(number + (audioSeed == null ? both : audioSeed));
    }

    private io.github.moshivis.SamplingOptions sampling() {
        io.github.moshivis.SamplingOptions sampling = io.github.moshivis.SamplingOptions.defaults();
        for (Map.Entry<SamplingSetting, Double> value : values.entrySet()) {
            sampling = sampling.with(value.getKey(), value.getValue());
        }
        return greedy ? sampling.greedy() : sampling;
    }

    /** Settings for a server; all else is as the server has it. */
    ChatSettings apply(ChatSettings defaults) {
        ChatSettings settings = greedy ? defaults.textTemperature(0).audioTemperature(0) : defaults;
        for (Map.Entry<SamplingSetting, Double> value : values.entrySet()) {
            settings = settings.with(value.getKey(), value.getValue());
        }
        Long text = textSeed != null ? textSeed : seed;
        Long audio = audioSeed != null ? audioSeed : seed;
        settings = text == null ? settings : settings.textSeed(text);
        return audio == null ? settings : settings.audioSeed(audio);
    }
}
