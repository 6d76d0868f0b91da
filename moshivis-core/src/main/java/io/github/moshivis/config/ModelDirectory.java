package io.github.moshivis.config;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model as it lies on a disk: its files and its sizes.
 *
 * <p>Read are the release's YAML ({@value #YAML}, or the only YAML file there is), {@value #MIMI_CONFIG} and {@value #SIGLIP_CONFIG},
 * each of them optional: without them the model has the released sizes and file names.
 *
 * @param files where weights and text pieces should be, not yet checked
 * @param config the sizes
 */
public record ModelDirectory(ModelFiles files, ModelConfig config) {
    /** The configuration file of the release. */
    public static final String YAML = "moshika-vis.yaml";

    /** Sizes of the codec, in the form of moshi's {@code _mimi_config}; no release has this file. */
    public static final String MIMI_CONFIG = "mimi_config.json";

    /** Sizes of the image encoder, in the form of transformers' {@code SiglipVisionConfig}; no release has this file. */
    public static final String SIGLIP_CONFIG = "siglip_config.json";

    /**
     * Finds a model's files and reads its configuration.
     *
     * @param path a directory; or the language model's weights or the YAML file in one
     * @return the model
     * @throws CheckpointException if there is nothing at the path, or a configuration file is malformed, contradicts itself or
     *     another, or asks for what is not implemented
     */
    public static ModelDirectory read(Path path) {
        Path given = path.toAbsolutePath();
        if (!Files.exists(given)) {
            throw new CheckpointException("Cannot read a model from " + given
                    + ": found nothing there, expected a directory or a file. Check the path.");
        }
        boolean directoryGiven = Files.isDirectory(given);
        Path directory = directoryGiven ? given : given.getParent();
        boolean yamlGiven = !directoryGiven && ConfigFile.isYaml(given);
        Optional<ConfigNode> yaml = (yamlGiven ? Optional.of(given) : findYaml(directory)).map(ConfigFile::read);
        ModelDirectory model = read(directory, yaml);
        return directoryGiven || yamlGiven ? model : new ModelDirectory(model.files.withLm(given), model.config);
    }

    private static ModelDirectory read(Path directory, Optional<ConfigNode> yaml) {
        Optional<ConfigNode> siglip = sideFile(directory, SIGLIP_CONFIG);
        Optional<ConfigNode> mimi = sideFile(directory, MIMI_CONFIG);
        VisionConfig named = yaml.map(VisionConfigReader::named).orElse(VisionConfig.SIGLIP_SO400M_448);
        VisionConfig vision = siglip.map(VisionConfigReader::read).orElse(named);
        MimiConfig codec = mimi.map(MimiConfigReader::read).orElse(MimiConfig.MIMI_V0_1);
        LmConfig lm =
                yaml.map(node -> LmConfigReader.read(node, vision.hidden())).orElse(LmConfig.MOSHIKA_VIS);
        ModelFiles files = files(directory, yaml);
        Stream.of(yaml, siglip, mimi).flatMap(Optional::stream).forEach(ConfigNode::logUnknown);
        try {
            return new ModelDirectory(files, new ModelConfig(lm, codec, vision));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("Cannot use the configuration in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static ModelFiles files(Path directory, Optional<ConfigNode> yaml) {
        yaml.ifPresent(node -> node.ignore("hf_repo"));
        return new ModelFiles(
                file(directory, yaml, "model", ModelFiles.LM),
                file(directory, yaml, "mimi_codec", ModelFiles.MIMI),
                file(directory, yaml, "text_tokenizer", ModelFiles.TOKENIZER));
    }

    private static Path file(Path directory, Optional<ConfigNode> yaml, String key, String fallback) {
        String name = yaml.flatMap(node -> node.text(key)).orElse(fallback);
        try {
            return directory.resolve(name);
        } catch (InvalidPathException e) {
            throw yaml.orElseThrow().wrong(key, name, "the name of a file");
        }
    }

    private static Optional<ConfigNode> sideFile(Path directory, String name) {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Optional.of(ConfigFile.read(file)) : Optional.empty();
    }

    private static Optional<Path> findYaml(Path directory) {
        Path released = directory.resolve(YAML);
        if (Files.exists(released)) {
            return Optional.of(released);
        }
        List<Path> candidates;
        try (Stream<Path> files = Files.list(directory)) {
            candidates = files.filter(ConfigFile::isYaml).sorted().toList();
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot read a model from " + directory + ": found " + e
                            + ", expected a readable directory. Check its permissions.",
                    e);
        }
        if (candidates.size() > 1) {
            throw new CheckpointException("Cannot read a model from " + directory + ": found "
                    + candidates.stream().map(Path::getFileName).toList()
                    + ", expected one configuration. Name one of them instead of the directory, or call it " + YAML
                    + ".");
        }
        return candidates.stream().findFirst();
    }
}
