package io.github.moshivis.layout;

import io.github.moshivis.errors.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The files of a model that hold weights and text pieces. They need not exist before {@link #checkPresent}: a caller
 * may first put others in their place.
 *
 * @param lm weights of the language model and the image encoder
 * @param mimi weights of the speech codec
 * @param tokenizer the SentencePiece model
 */
public record ModelFiles(Path lm, Path mimi, Path tokenizer) {
    /** Makes the paths absolute. */
    public ModelFiles {
        lm = lm.toAbsolutePath();
        mimi = mimi.toAbsolutePath();
        tokenizer = tokenizer.toAbsolutePath();
    }

    /**
     * These files with another language model.
     *
     * @param file its weights
     * @return the files
     */
    public ModelFiles lm(Path file) {
        return new ModelFiles(file, mimi, tokenizer);
    }

    /**
     * These files with another codec.
     *
     * @param file its weights
     * @return the files
     */
    public ModelFiles mimi(Path file) {
        return new ModelFiles(lm, file, tokenizer);
    }

    /**
     * These files with other text pieces.
     *
     * @param file the SentencePiece model
     * @return the files
     */
    public ModelFiles tokenizer(Path file) {
        return new ModelFiles(lm, mimi, file);
    }

    /**
     * Checks that all files are there.
     *
     * @param tokenizerToo whether the text pieces are needed
     * @return these files
     * @throws CheckpointException listing all that are missing, and where they were looked for
     */
    public ModelFiles checkPresent(boolean tokenizerToo) {
        Map<String, Path> missing = new LinkedHashMap<>();
        missing.put("language model", lm);
        missing.put("Mimi codec", mimi);
        if (tokenizerToo) {
            missing.put("text tokenizer", tokenizer);
        }
        missing.values().removeIf(Files::isRegularFile);
        if (missing.containsKey("language model")) {
            AdapterFiles.refuseAsModel(lm.getParent());
        }
        if (!missing.isEmpty()) {
            String list = missing.entrySet().stream()
                    .map(e -> e.getKey() + " at " + e.getValue() + instead(e.getValue()))
                    .collect(Collectors.joining(", "));
            throw new CheckpointException("Cannot load the model: found no " + list
                    + ", expected these files. Download them there, or name the files that you have"
                    + (missing.containsKey("text tokenizer") ? "; LoadOptions.withoutTokenizer does without." : "."));
        }
        return this;
    }

    /** Names what is there in the place of a file. */
    private static String instead(Path file) {
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            return " (a symbolic link that leads nowhere)";
        }
        if (Files.isDirectory(file)) {
            return " (a directory)";
        }
        return Files.exists(file) ? " (no regular file)" : "";
    }
}
