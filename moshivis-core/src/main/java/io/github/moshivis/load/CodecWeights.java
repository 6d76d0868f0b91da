package io.github.moshivis.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * The number of bits in which the weights of the Mimi codec are held, on the CPU with native kernels. Products are float32's in any of
 * them; fewer bits are read in less time. {@code docs/quantization.md} says what each costs in accuracy.
 */
public enum CodecWeights {
    /** The numbers of the file, in 16 bits where those hold all of them. The default for models that are not quantized. */
    EXACT,
    /** Exact in the encoder, so that the model hears the same codes; bfloat16 in the decoder. The default for quantized models. */
    BF16_DECODER,
    /** bfloat16: in three of ten frames of speech the model hears at least one other code. */
    BF16,
    /** 8 bits with a scale for each row: in six of ten frames of speech the model hears at least one other code. */
    INT8;

    /**
     * Reads a choice as it stands in a configuration.
     *
     * @param name {@code exact}, {@code bf16-decoder}, {@code bf16} or {@code int8}
     * @return the choice
     * @throws IllegalArgumentException if there is no such one
     */
    public static CodecWeights parse(String name) {
        Objects.requireNonNull(name, "name");
        return Arrays.stream(values())
                .filter(known -> known.toString().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No such weights of the codec: found '" + name
                        + "', expected one of " + Arrays.toString(values()) + ". Choose one"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
