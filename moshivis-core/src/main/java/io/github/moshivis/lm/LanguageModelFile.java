package io.github.moshivis.lm;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.weights.ConfiguredSizes;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.CheckpointFormat;
import io.github.moshivis.weights.names.LanguageModelFiles;
import io.github.moshivis.weights.names.MoshiNames;
import io.github.moshivis.weights.names.TensorNames;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The file of a language model, in whatever form, open and recognized by its content.
 *
 * @param file the open file; owned by the caller that opened it
 * @param format its naming
 * @param config the model's sizes; whether it sees images is decided by the file where no configuration says so, and for plain
 *     Moshi, which never does
 */
public record LanguageModelFile(TensorFile file, CheckpointFormat format, ModelConfig config) {
    private static final System.Logger LOG = System.getLogger(LanguageModelFile.class.getName());

    /**
     * Locates the language model.
     *
     * @param directory the model
     * @return the file that the caller named; or the one that the configuration names, if it is there; or the only language model in
     *     the directory; or else where it should be
     * @throws io.github.moshivis.errors.CheckpointException if it was not named and there are several
     */
    public static Path locate(ModelDirectory directory) {
        Path expected = directory.files().lm();
        boolean meant =
                switch (directory.lmNamed()) {
                    case BY_CALLER -> true;
                    case BY_CONFIGURATION -> Files.exists(expected);
                    case BY_NOBODY -> false;
                };
        if (meant || !Files.isDirectory(expected.getParent())) {
            return expected;
        }
        Path found = LanguageModelFiles.find(
                        expected.getParent(), directory.files().mimi())
                .orElse(expected);
        if (!found.equals(expected)) {
            LOG.log(Level.DEBUG, "Taking the language model from {0}: there is no {1}", found, expected);
        }
        return found;
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
        TensorFile file = LanguageModelFiles.open(path);
        try {
            Set<String> names = file.tensors().keySet();
            CheckpointFormat format = CheckpointFormat.require(file);
            boolean sees = CheckpointFormat.seesImages(names);
            boolean says = directory.saysWhetherItSees() && format != CheckpointFormat.MOSHI;
            requireSame(path, format, directory.config());
            ModelConfig config = sizes(file, format, directory);
            ModelConfig sized = format.isSpeechToText()
                    ? withPauseHeads(file, config.images(false))
                    : says ? config : config.images(sees);
            LanguageModelFile model = new LanguageModelFile(file, format, sized);
            model.requireSensibleSizes();
            return model;
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** The sizes of the configuration; of the tensors for a plain Moshi that has none, as J-Moshi. */
    private static ModelConfig sizes(TensorFile file, CheckpointFormat format, ModelDirectory directory) {
        ModelConfig config = directory.config();
        if (directory.statesSizes() || format != CheckpointFormat.MOSHI) {
            return config;
        }
        try {
            return new ModelConfig(MoshiNames.sizes(file).config(), config.mimi(), config.vision());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    "Cannot tell the sizes of " + file.path() + " by its tensors: " + e.getMessage() + " Or put the "
                            + ModelLayout.MOSHI_CONFIG + " of the model beside it",
                    e);
        }
    }

    /** Refuses a configuration of the other kind of model. */
    private static void requireSame(Path path, CheckpointFormat format, ModelConfig config) {
        if (format.isSpeechToText() != config.lm().isSpeechToText()) {
            throw new CheckpointException("Cannot load " + path + ": found the weights of "
                    + kind(format.isSpeechToText()) + " and the configuration of "
                    + kind(config.lm().isSpeechToText()) + ", expected both of one model. Put the "
                    + ModelLayout.MOSHI_CONFIG + " of the weights' repository beside them");
        }
    }

    private static String kind(boolean speechToText) {
        return speechToText ? "speech to text" : "a model of conversations";
    }

    private static ModelConfig withPauseHeads(TensorFile file, ModelConfig config) {
        List<Shape> heads = CheckpointFormat.pauseHeads(file);
        int classes = heads.isEmpty() ? 0 : Math.toIntExact(heads.get(0).dimension(0));
        return new ModelConfig(config.lm().pauseHeads(heads.size(), classes), config.mimi(), config.vision());
    }

    /**
     * Returns whether conversations begin with a prompt of voice and role: PersonaPlex, recognized by depth steps for the user's codes.
     *
     * @return true for PersonaPlex
     */
    public boolean takesPrompts() {
        return format == CheckpointFormat.MOSHI
                && CheckpointFormat.depthSteps(file.tensors().keySet())
                        == config.lm().audioStreams();
    }

    /**
     * The table for this file.
     *
     * @return the table, in the variant that the file uses
     */
    public TensorNames names() {
        return names(config.lm().modelCodebooks());
    }

    /**
     * The table for this file with a number of depth steps.
     *
     * @param depthSteps steps that are read; others that the file has are spare
     * @return the table, in the variant that the file uses
     */
    public TensorNames names(int depthSteps) {
        return format.table(depthSteps, file.tensors().keySet());
    }

    /** Before anything is allocated or looped over because of the configuration. */
    private void requireSensibleSizes() {
        ConfiguredSizes.require(file, config.lm());
        TensorNames names = names();
        if (file.tensors().keySet().stream().anyMatch(name -> names.isUnder("image.encoder.", name))) {
            ConfiguredSizes.require(file, config.vision());
        }
    }
}
