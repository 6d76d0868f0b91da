package io.github.moshivis.cli;

import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.load.Quantization;
import io.github.moshivis.programs.QuantizationConverter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;

/**
 * One of several ways to load the same weights.
 *
 * @param name as it was given
 * @param precision what to compute in; empty for what is chosen otherwise
 * @param quantization how many bits
 */
record WeightChoice(String name, Optional<Precision> precision, Quantization quantization) {
    LoadOptions apply(LoadOptions options) {
        return precision.map(options::precision).orElse(options).quantization(quantization);
    }

    /** Reads a precision, or a quantization in the precision that is chosen otherwise. */
    static final class Converter implements ITypeConverter<WeightChoice> {
        private final QuantizationConverter quantizations = new QuantizationConverter();

        @Override
        public WeightChoice convert(String value) {
            Optional<Precision> precision = Stream.of(Precision.values())
                    .filter(each -> each.name().equalsIgnoreCase(value))
                    .findFirst();
            return new WeightChoice(
                    value.toLowerCase(Locale.ROOT),
                    precision,
                    precision.isPresent() ? Quantization.NONE : quantizations.convert(value));
        }
    }
}
