package io.github.moshivis.hub;

import io.github.moshivis.layout.ModelLayout;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Formats of a language model's weights in repositories, in order of preference. The file list shows the formats of a repository.
 */
public enum ModelFormat {
    /** {@code model.safetensors}, or its shards with {@code model.safetensors.index.json}: PyTorch, Candle or MLX names. */
    SAFETENSORS(ModelLayout.Form.SAFETENSORS),
    /** {@code model.q8.safetensors}: MLX, quantized to 8 bits. */
    MLX_Q8(ModelLayout.Form.MLX_Q8),
    /** {@code model.q4.safetensors}: MLX, quantized to 4 bits. */
    MLX_Q4(ModelLayout.Form.MLX_Q4),
    /** {@code NAME.QUANT.gguf}, for MoshiVis with {@code NAME_vision_tower_unquant.safetensors}: Candle. */
    GGUF(ModelLayout.Form.GGUF);

    private final ModelLayout.Form form;

    ModelFormat(ModelLayout.Form form) {
        this.form = form;
    }

    /** The file names of this format. */
    ModelLayout.Form form() {
        return form;
    }

    static ModelFormat of(ModelLayout.Form form) {
        return Stream.of(values())
                .filter(format -> format.form == form)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Parses the name of a format, in any case, with {@code -} or {@code _}.
     *
     * @param text such as {@code mlx-q8}
     * @return the format
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ModelFormat parse(String text) {
        Objects.requireNonNull(text, "text");
        for (ModelFormat format : values()) {
            if (format.toString().equals(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return format;
            }
        }
        throw new IllegalArgumentException("Cannot use " + RepoPath.printable(text)
                + " as a format: expected one of safetensors, mlx-q8, mlx-q4, gguf");
    }

    /** Returns the name as for {@link #parse}, such as {@code mlx-q8}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
