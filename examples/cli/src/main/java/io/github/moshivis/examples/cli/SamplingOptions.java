package io.github.moshivis.examples.cli;

import io.github.moshivis.SessionOptions;
import picocli.CommandLine.Option;

/** How freely words and sounds are chosen: shared by all commands that hold conversations. */
final class SamplingOptions {
    @Option(names = "--greedy", description = "Always take the most likely: both temperatures are 0.")
    private boolean greedy;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random choices. Default: another each time.")
    private Long seed;

    @Option(
            names = "--text-temperature",
            paramLabel = "F",
            description = "How freely words are chosen; 0 takes the most likely. Default: 0.7.")
    private Double textTemperature;

    @Option(
            names = "--text-top-k",
            paramLabel = "N",
            description = "How many of the most likely words take part; 0 is no limit. Default: 25.")
    private Integer textTopK;

    @Option(
            names = "--audio-temperature",
            paramLabel = "F",
            description = "How freely sounds are chosen; 0 takes the most likely. Default: 0.8.")
    private Double audioTemperature;

    @Option(
            names = "--audio-top-k",
            paramLabel = "N",
            description = "How many of the most likely sounds take part; 0 is no limit. Default: 250.")
    private Integer audioTopK;

    /** Checks what can be checked without a model. */
    void check() {
        if (greedy && (isWarm(textTemperature) || isWarm(audioTemperature))) {
            throw new IllegalArgumentException("--greedy sets both temperatures to 0: found a temperature of "
                    + (isWarm(textTemperature) ? textTemperature : audioTemperature)
                    + " beside it, expected none. Leave one of the options out");
        }
    }

    private static boolean isWarm(Double temperature) {
        return temperature != null && temperature != 0;
    }

    /** The options with what was given; all else stays as it is. */
    SessionOptions apply(SessionOptions defaults) {
        SessionOptions options = greedy ? defaults.greedy() : defaults;
        options = textTemperature == null ? options : options.textTemperature(textTemperature);
        options = textTopK == null ? options : options.textTopK(textTopK);
        options = audioTemperature == null ? options : options.audioTemperature(audioTemperature);
        options = audioTopK == null ? options : options.audioTopK(audioTopK);
        return seed == null ? options : options.seed(seed);
    }
}
