package io.github.moshivis.hub;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The forms in which repositories hold a language model's weights, in the order of preference where one holds several. Which
 * forms it holds is seen from its file list.
 */
public enum ModelFormat {
    /** {@code model.safetensors}, or its shards with {@code model.safetensors.index.json}: PyTorch, Candle or MLX names. */
    SAFETENSORS("model\\.safetensors(\\.index\\.json)?"),
    /** {@code model.q8.safetensors}: MLX, quantised to 8 bits. */
    MLX_Q8("model\\.q8\\.safetensors"),
    /** {@code model.q4.safetensors}: MLX, quantised to 4 bits. */
    MLX_Q4("model\\.q4\\.safetensors"),
    /** {@code NAME.QUANT.gguf} with {@code NAME_vision_tower_unquant.safetensors}: Candle. */
    GGUF("[^/]+\\.gguf");

    private final Pattern weights;

    ModelFormat(String weights) {
        this.weights = Pattern.compile(weights);
    }

    /** Whether a file at the top of a repository is (the head of) weights in this form. */
    boolean matches(String file) {
        return weights.matcher(file).matches();
    }

    /** The forms that a file list holds, best first. */
    static List<ModelFormat> among(Collection<String> files) {
        return Stream.of(values())
                .filter(format -> files.stream().anyMatch(format::matches))
                .toList();
    }

    /**
     * Reads a format's name, in any case, with {@code -} or {@code _}.
     *
     * @param text such as {@code mlx-q8}
     * @return the format
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ModelFormat parse(String text) {
        for (ModelFormat format : values()) {
            if (format.toString().equals(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return format;
            }
        }
        throw new IllegalArgumentException("Cannot use " + RepoPath.printable(text)
                + " as a format: expected one of safetensors, mlx-q8, mlx-q4, gguf");
    }

    /** The name as {@link #parse} reads it, such as {@code mlx-q8}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
