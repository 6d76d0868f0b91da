package io.github.moshivis.examples.cli;

import io.github.moshivis.Quantization;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code none}, {@code q8}, {@code q4}, {@code q4:64} and {@code as-stored}. */
final class QuantizationConverter implements ITypeConverter<Quantization> {
    private static final Pattern Q4_GROUP = Pattern.compile("q4:(\\d{1,4})");

    @Override
    public Quantization convert(String value) {
        String name = value.toLowerCase(Locale.ROOT);
        Matcher group = Q4_GROUP.matcher(name);
        if (group.matches()) {
            try {
                return Quantization.q4(Integer.parseInt(group.group(1)));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
        return switch (name) {
            case "none" -> Quantization.NONE;
            case "q8" -> Quantization.Q8;
            case "q4" -> Quantization.Q4;
            case "as-stored" -> Quantization.AS_STORED;
            default ->
                throw new TypeConversionException(
                        "found '" + value + "', expected none, q8, q4, q4:GROUP or as-stored");
        };
    }
}
