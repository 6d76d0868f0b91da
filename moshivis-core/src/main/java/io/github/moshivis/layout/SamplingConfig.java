package io.github.moshivis.layout;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Sampling as a model's configuration wants it: {@code lm_gen_config} in the {@code config.json} of a Moshi, the arguments with which moshi
 * makes its generator ({@code LMGen} in {@code moshi/models/lm.py}). An empty setting has the default of the library.
 *
 * @param textTemperature {@code temp_text}; 0 takes the most likely token
 * @param textTopK {@code top_k_text}; 0 is no limit
 * @param audioTemperature {@code temp}; 0 takes the most likely code
 * @param audioTopK {@code top_k}; 0 is no limit
 */
public record SamplingConfig(
        OptionalDouble textTemperature, OptionalInt textTopK, OptionalDouble audioTemperature, OptionalInt audioTopK) {
    /** No configuration. */
    public static final SamplingConfig NONE = new SamplingConfig(
            OptionalDouble.empty(), OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.empty());

    private static final String KEY = "lm_gen_config";

    /** Range of temperatures besides 0: that of the sampling options. */
    private static final double MIN_TEMPERATURE = 0.001;

    private static final double MAX_TEMPERATURE = 100;

    /** Reads and checks. */
    static SamplingConfig read(Optional<ConfigNode> moshi) {
        return moshi.flatMap(json -> json.optionalChild(KEY))
                .map(SamplingConfig::read)
                .orElse(NONE);
    }

    private static SamplingConfig read(ConfigNode json) {
        json.only("cfg_coef", "1.0", "1"); // guidance needs conditions, which no model here has
        json.ignore("check");
        boolean sampled = json.flag("use_sampling", true);
        OptionalDouble text = temperature(json, "temp_text");
        OptionalDouble audio = temperature(json, "temp");
        return new SamplingConfig(
                sampled ? text : OptionalDouble.of(0),
                limit(json, "top_k_text"),
                sampled ? audio : OptionalDouble.of(0),
                limit(json, "top_k"));
    }

    private static OptionalDouble temperature(ConfigNode json, String key) {
        if (!json.has(key)) {
            return OptionalDouble.empty();
        }
        double value = json.decimal(key);
        if (value != 0 && !(value >= MIN_TEMPERATURE && value <= MAX_TEMPERATURE)) {
            throw json.wrong(key, value, "0 or " + MIN_TEMPERATURE + " to " + MAX_TEMPERATURE);
        }
        return OptionalDouble.of(value);
    }

    private static OptionalInt limit(ConfigNode json, String key) {
        if (!json.has(key)) {
            return OptionalInt.empty();
        }
        int value = json.integer(key);
        if (value < 0) {
            throw json.wrong(key, value, "0 or more");
        }
        return OptionalInt.of(value);
    }
}
