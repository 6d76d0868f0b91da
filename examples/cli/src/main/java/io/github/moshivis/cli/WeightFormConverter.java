package io.github.moshivis.cli;

import io.github.moshivis.cli.bench.WeightForm;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the names that {@link WeightForm} has on the command line. */
final class WeightFormConverter implements ITypeConverter<WeightForm> {
    @Override
    public WeightForm convert(String value) {
        return Arrays.stream(WeightForm.values())
                .filter(form -> form.toString().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "found '" + value + "', expected one of " + Arrays.toString(WeightForm.values())));
    }
}
