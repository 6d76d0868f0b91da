package io.github.moshivis.weights.names;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.file.SafetensorsHeader;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The naming of a language model's file, recognized by the names that it holds. The container, safetensors or GGUF, is another matter:
 * the container is known by its first bytes.
 */
public enum CheckpointFormat {
    /** MoshiVis's PyTorch back end: {@link PytorchNames}. */
    PYTORCH("llm."),
    /** The Rust back end: {@link CandleNames}. */
    CANDLE("depformer.0."),
    /** The MLX back end: {@link MlxNames}. */
    MLX("depformer.slices.0."),
    /** Plain Moshi's PyTorch back end: {@link MoshiNames}. */
    MOSHI("depformer_in.0."),
    /** Speech to text of the PyTorch and the Rust back end, without a depth transformer: {@link CandleNames}. */
    STT("emb.0."),
    /** Speech to text of the MLX back end: {@link MlxNames}. */
    STT_MLX("audio_embs.0.");

    /** The common part of the names of cross-attention tensors in all formats. */
    private static final String CROSS_ATTENTION = ".cross_attention.";

    /** The only table of embeddings in transformers' form of speech to text. */
    private static final String STT_OF_TRANSFORMERS = "model.embed_tokens.embed_tokens.weight";

    /** The names of the pause heads' tensors in all formats. */
    private static final String PAUSE_HEAD = "extra_heads.%d.weight";

    private static final int MAX_SHOWN = 3;

    private final String sign;

    CheckpointFormat(String sign) {
        this.sign = sign;
    }

    /**
     * Recognizes a format.
     *
     * @param fileNames all names of a file
     * @return the format, or empty if the file is no language model's in any of them
     */
    public static Optional<CheckpointFormat> of(Set<String> fileNames) {
        for (CheckpointFormat format : values()) {
            if (fileNames.stream().anyMatch(name -> name.startsWith(format.sign))) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /**
     * Recognizes the format of a file that should be a language model's.
     *
     * @param file the file
     * @return the format
     * @throws CheckpointException if it is in none of them
     */
    public static CheckpointFormat require(TensorFile file) {
        Set<String> names = file.tensors().keySet();
        if (names.contains(STT_OF_TRANSFORMERS)) {
            throw new CheckpointException("Cannot load " + file.path() + ": found speech to text in the form of Hugging"
                    + " Face's transformers, expected the form of kyutai's own repositories. Load kyutai/stt-1b-en_fr"
                    + " instead of kyutai/stt-1b-en_fr-trfs, and likewise for other models");
        }
        return of(names)
                .orElseThrow(() -> new CheckpointException("Cannot load " + file.path()
                        + " as a language model: found " + names.size() + " tensors such as "
                        + names.stream()
                                .limit(MAX_SHOWN)
                                .map(SafetensorsHeader::quoted)
                                .toList()
                        + ", expected the names of MoshiVis's PyTorch, candle or MLX form, of Moshi's PyTorch form, or of"
                        + " speech to text."
                        + " Name the language model's file."));
    }

    /**
     * Returns whether a file holds a model that attends images.
     *
     * @param fileNames all names of a file, in whatever format
     * @return false for plain Moshi
     */
    public static boolean seesImages(Set<String> fileNames) {
        return fileNames.stream().anyMatch(name -> name.contains(CROSS_ATTENTION));
    }

    /**
     * Tells whether files of this format hold a speech-to-text model.
     *
     * @return false for a model of conversations
     */
    public boolean isSpeechToText() {
        return this == STT || this == STT_MLX;
    }

    /**
     * The table for an existing file, in the variant that it uses.
     *
     * @param codebooks own codebooks of the model
     * @param fileNames all names of the file
     * @return the table
     */
    public TensorNames table(int codebooks, Set<String> fileNames) {
        return switch (this) {
            case PYTORCH -> PytorchNames.table(codebooks);
            case CANDLE, STT ->
                fileNames.contains("transformer.layers.0.cross_attention.in_proj_weight_q")
                        ? CandleNames.split(codebooks)
                        : CandleNames.fused(codebooks);
            case MLX, STT_MLX -> MlxNames.table(codebooks);
            case MOSHI ->
                fileNames.contains("depformer.layers.0.self_attn.in_projs.0.weight")
                        ? MoshiNames.split(codebooks)
                        : MoshiNames.stacked(codebooks, Math.max(codebooks, depthSteps(fileNames)));
        };
    }

    /**
     * Shapes of the heads that give the probabilities of pauses.
     *
     * @param file the file of a speech-to-text model
     * @return the shape [classes, D] of each; empty if the file has none
     */
    public static List<Shape> pauseHeads(TensorFile file) {
        List<Shape> shapes = new ArrayList<>();
        StoredTensor head = file.tensors().get(String.format(PAUSE_HEAD, 0));
        while (head != null) {
            shapes.add(head.shape());
            head = file.tensors().get(String.format(PAUSE_HEAD, shapes.size()));
        }
        return shapes;
    }

    /**
     * Depth steps whose weights a file of plain Moshi's form has; more than the model's own codebooks in PersonaPlex, which was trained to
     * predict the user's codes too.
     *
     * @param fileNames all names of the file
     * @return the number of steps
     */
    public static int depthSteps(Set<String> fileNames) {
        int steps = 0;
        while (fileNames.contains("linears." + steps + ".weight")) {
            steps++;
        }
        return steps;
    }
}
