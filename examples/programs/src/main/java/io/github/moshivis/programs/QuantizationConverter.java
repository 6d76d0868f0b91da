package io.github.moshivis.programs;

import io.github.moshivis.load.Quantization;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a command line argument with {@link Quantization#parse}. */
public final class QuantizationConverter implements ITypeConverter<Quantization> {
    /** Creates a converter. */
    public QuantizationConverter() {}

    @Override
    public Quantization convert(String value) {
        try {
            return Quantization.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
