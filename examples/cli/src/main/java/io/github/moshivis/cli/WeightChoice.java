package io.github.moshivis.cli;

import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A form in which to load weights.
 *
 * @param name name on the command line
 * @param precision type of computation; empty for the default
 * @param quantization quantization
 */
record WeightChoice(String name, Optional<Precision> precision, Quantization quantization) {
    LoadOptions apply(LoadOptions options) {
        return precision.map(options::precision).orElse(options).quantization(quantization);
    }

    /** Parses a precision, or a quantization in the default precision. */
    static WeightChoice parse(String value) {
        Optional<Precision> precision = Stream.of(Precision.values())
                .filter(each -> each.name().equalsIgnoreCase(value))
                .findFirst();
        return new WeightChoice(
                value.toLowerCase(Locale.ROOT),
                precision,
                precision.isPresent() ? Quantization.NONE : Quantization.parse(value));
    }
}
