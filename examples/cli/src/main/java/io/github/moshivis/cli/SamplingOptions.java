package io.github.moshivis.cli;

import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SamplingSetting;
import io.github.moshivis.SessionOptions;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Sampling flags for a local model. */
final class SamplingOptions extends SamplingFlags {
    @Option(names = "--greedy", description = "Always take the most likely token: sets both temperatures to 0.")
    private boolean greedy;

    @Override
    String describeDefault(SamplingSetting setting) {
        return plain(setting, setting.defaultOf(SamplingProfile.PYTORCH));
    }

    /** Checks what can be checked without a model. */
    void check() {
        Stream.of(SamplingSetting.TEXT_TEMPERATURE, SamplingSetting.AUDIO_TEMPERATURE)
                .map(values()::get)
                .filter(temperature -> greedy && temperature != null && temperature != 0)
                .findFirst()
                .ifPresent(temperature -> {
                    throw new IllegalArgumentException("--greedy sets both temperatures to 0: found a temperature of "
                            + temperature + " beside it, expected none. Leave one of the options out");
                });
    }

    /** Applies the given flags; other options are unchanged. */
    SessionOptions apply(SessionOptions defaults) {
        SessionOptions options = sampled(defaults);
        options = seed() == null ? options : options.seed(seed());
        options = textSeed() == null ? options : options.textSeed(textSeed());
        return audioSeed() == null ? options : options.audioSeed(audioSeed());
    }

    /**
     * Applies the given flags for one of many conversations: missing seeds are 0, and the number of the conversation is added, so that each
     * draws differently, but reproducibly.
     */
    SessionOptions apply(SessionOptions defaults, long number) {
        return sampled(defaults).textSeed(number + textSeedOr(0)).audioSeed(number + audioSeedOr(0));
    }

    private SessionOptions sampled(SessionOptions defaults) {
        SessionOptions options = defaults;
        for (Map.Entry<SamplingSetting, Double> value : values().entrySet()) {
            options = options.sampling(now -> now.with(value.getKey(), value.getValue()));
        }
        return greedy ? options.greedy() : options;
    }
}
