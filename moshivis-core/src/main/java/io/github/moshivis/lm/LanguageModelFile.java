package io.github.moshivis.lm;

import io.github.moshivis.config.ModelConfig;
import io.github.moshivis.config.ModelDirectory;
import io.github.moshivis.weights.CheckpointFormat;
import io.github.moshivis.weights.LanguageModelSearch;
import io.github.moshivis.weights.TensorFile;
import io.github.moshivis.weights.TensorFiles;
import io.github.moshivis.weights.TensorNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The file of a language model, in whatever form, open and recognised by its content.
 *
 * @param file the open file; owned by whoever opened it
 * @param format its naming
 * @param config the model's sizes; whether it sees images is decided by the file where no configuration says so
 */
public record LanguageModelFile(TensorFile file, CheckpointFormat format, ModelConfig config) {
    /**
     * Where a model's language model is.
     *
     * @param directory the model
     * @return the file that was named if it is there; else the only language model in the directory; else where it should be
     * @throws io.github.moshivis.errors.CheckpointException if it was not named and there are several
     */
    public static Path locate(ModelDirectory directory) {
        Path expected = directory.files().lm();
        if (directory.namesLm() && Files.exists(expected)) {
            return expected;
        }
        Path parent = expected.getParent();
        return Files.isDirectory(parent)
                ? LanguageModelSearch.in(parent, directory.files().mimi()).orElse(expected)
                : expected;
    }

    /**
     * Opens a file with all that belongs to it.
     *
     * @param path the file, such as {@link #locate} finds it
     * @param directory the model that it belongs to
     * @return the open file, which the caller closes
     * @throws io.github.moshivis.errors.CheckpointException if a file is missing or damaged, or holds no language model
     */
    public static LanguageModelFile open(Path path, ModelDirectory directory) {
        TensorFile file = TensorFiles.openModel(path);
        try {
            Set<String> names = file.tensors().keySet();
            CheckpointFormat format = CheckpointFormat.require(file);
            ModelConfig config = directory.config();
            return new LanguageModelFile(
                    file,
                    format,
                    directory.saysWhetherItSees() ? config : config.withImages(CheckpointFormat.seesImages(names)));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The table for this file.
     *
     * @return the table, in the variant that the file uses
     */
    public TensorNames names() {
        return format.table(config.lm().generatedStreams(), file.tensors().keySet());
    }
}
