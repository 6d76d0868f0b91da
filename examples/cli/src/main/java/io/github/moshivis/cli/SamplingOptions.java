package io.github.moshivis.cli;

import io.github.moshivis.SessionOptions;
import io.github.moshivis.client.ChatSettings;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** How freely words and sounds are chosen: shared by all commands that hold conversations. */
final class SamplingOptions {
    @Option(names = "--greedy", description = "Always take the most likely: both temperatures are 0.")
    private boolean greedy;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random choices: sets both of the following. Default: another each time.")
    private Long seed;

    @Option(names = "--text-seed", paramLabel = "N", description = "Seed of the choices of words.")
    private Long textSeed;

    @Option(names = "--audio-seed", paramLabel = "N", description = "Seed of the choices of sounds.")
    private Long audioSeed;

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
            names = "--text-top-p",
            paramLabel = "F",
            description = "How much probability the words that take part have at least, 0 to 1. Default: 1, no limit.")
    private Double textTopP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "F",
            description = "More than 1 avoids words that were said lately. Default: 1.")
    private Double repetitionPenalty;

    @Option(
            names = "--repetition-context",
            paramLabel = "N",
            description = "How many of the last pieces of words count as said lately, 0 to 256. Default: 64.")
    private Integer repetitionContext;

    @Option(
            names = "--pad-mult",
            paramLabel = "F",
            description = "More than 0 makes silence more likely, less than 0 less likely; -30 to 30. Default: 0.")
    private Double padMultiplier;

    @Option(
            names = "--gate-influence",
            paramLabel = "F",
            description = "How much a look at the picture cools the words' temperature, 0 to 1. Default: 0.")
    private Double gateInfluence;

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

    @Option(
            names = "--audio-top-p",
            paramLabel = "F",
            description = "How much probability the sounds that take part have at least, 0 to 1. Default: 1, no limit.")
    private Double audioTopP;

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
        options = with(options, textTemperature, SessionOptions::textTemperature);
        options = with(options, textTopK, SessionOptions::textTopK);
        options = with(options, textTopP, SessionOptions::textTopP);
        options = with(options, repetitionPenalty, SessionOptions::repetitionPenalty);
        options = with(options, repetitionContext, SessionOptions::repetitionContext);
        options = with(options, padMultiplier, SessionOptions::padMultiplier);
        options = with(options, gateInfluence, SessionOptions::gateInfluence);
        options = with(options, audioTemperature, SessionOptions::audioTemperature);
        options = with(options, audioTopK, SessionOptions::audioTopK);
        options = with(options, audioTopP, SessionOptions::audioTopP);
        options = with(options, seed, SessionOptions::seed);
        options = with(options, textSeed, SessionOptions::textSeed);
        return with(options, audioSeed, SessionOptions::audioSeed);
    }

    /** What a server is asked for; all else is as the server has it. */
    ChatSettings apply(ChatSettings defaults) {
        ChatSettings settings = greedy ? defaults.textTemperature(0).audioTemperature(0) : defaults;
        settings = with(settings, textTemperature, ChatSettings::textTemperature);
        settings = with(settings, textTopK, ChatSettings::textTopK);
        settings = with(settings, textTopP, ChatSettings::textTopP);
        settings = with(settings, repetitionPenalty, ChatSettings::repetitionPenalty);
        settings = with(settings, repetitionContext, ChatSettings::repetitionContext);
        settings = with(settings, padMultiplier, ChatSettings::padMultiplier);
        settings = with(settings, gateInfluence, ChatSettings::gateInfluence);
        settings = with(settings, audioTemperature, ChatSettings::audioTemperature);
        settings = with(settings, audioTopK, ChatSettings::audioTopK);
        settings = with(settings, audioTopP, ChatSettings::audioTopP);
        settings = with(settings, textSeed != null ? textSeed : seed, ChatSettings::textSeed);
        return with(settings, audioSeed != null ? audioSeed : seed, ChatSettings::audioSeed);
    }

    private static <O, T> O with(O options, T value, BiFunction<O, T, O> setting) {
        return value == null ? options : setting.apply(options, value);
    }
}
