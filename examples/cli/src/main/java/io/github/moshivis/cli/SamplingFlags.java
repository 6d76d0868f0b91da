package io.github.moshivis.cli;

import io.github.moshivis.SamplingSetting;
import io.github.moshivis.programs.OptionHeading;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Flags for sampling, one per {@link SamplingSetting}, and for seeds, shared by all commands with conversations. */
@OptionHeading("Sampling")
abstract class SamplingFlags {
    private final Map<SamplingSetting, Double> values = new EnumMap<>(SamplingSetting.class);

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random choices: sets both of the following. Default: random.")
    private Long seed;

    @Option(names = "--text-seed", paramLabel = "N", description = "Seed for text tokens.")
    private Long textSeed;

    @Option(names = "--audio-seed", paramLabel = "N", description = "Seed for audio codes.")
    private Long audioSeed;

    /** Describes the default of a setting for the help. */
    abstract String describeDefault(SamplingSetting setting);

    /** Adds a flag for each setting to the command; called by picocli. */
    @Spec(Spec.Target.MIXEE)
    void addFlags(CommandSpec command) {
        for (SamplingSetting setting : SamplingSetting.values()) {
            boolean whole = setting.range().whole();
            command.addOption(OptionSpec.builder(setting.flag())
                    .userObject(SamplingFlags.class) // the heading's
                    .paramLabel(whole ? "N" : "F")
                    .type(whole ? Integer.class : Double.class)
                    .description(
                            setting.meaning() + "; " + setting.range() + ". Default: " + describeDefault(setting) + ".")
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

    /** Formats a default without trailing zeros. */
    static String plain(SamplingSetting setting, double value) {
        return setting.format(value).replaceAll("\\.0$", "");
    }

    /** Returns the given settings. */
    Map<SamplingSetting, Double> values() {
        return values;
    }

    /** Returns the seed of both choices; null if not given. */
    Long seed() {
        return seed;
    }

    /** Returns the seed of text tokens; null if not given. */
    Long textSeed() {
        return textSeed;
    }

    /** Returns the seed of audio codes; null if not given. */
    Long audioSeed() {
        return audioSeed;
    }

    /** Returns the seed of text tokens, else of both, else another. */
    long textSeedOr(long other) {
        return textSeed != null ? textSeed : seed != null ? seed : other;
    }

    /** Returns the seed of audio codes, else of both, else another. */
    long audioSeedOr(long other) {
        return audioSeed != null ? audioSeed : seed != null ? seed : other;
    }
}
