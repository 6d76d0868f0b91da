package io.github.moshivis.programs;

import io.github.moshivis.load.CodecWeights;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a command line argument with {@link CodecWeights#parse}. */
public final class CodecWeightsConverter implements ITypeConverter<CodecWeights> {
    /** Creates a converter. */
    public CodecWeightsConverter() {}

    @Override
    public CodecWeights convert(String value) {
        try {
            return CodecWeights.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
