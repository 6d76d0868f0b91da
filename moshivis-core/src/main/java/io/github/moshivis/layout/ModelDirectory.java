package io.github.moshivis.layout;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.ModelFileType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model as it lies on a disk: its files and its sizes.
 *
 * <p>Read are the release's YAML ({@value ModelLayout#YAML}, or the only YAML file there is), {@value ModelLayout#MIMI_CONFIG} and
 * {@value ModelLayout#SIGLIP_CONFIG}, each of them optional: without them the model has the released sizes and file names. Without a
 * YAML file, plain Moshi's {@value ModelLayout#MOSHI_CONFIG} is read.
 *
 * @param files where weights and text pieces should be, not yet checked
 * @param config the sizes
 * @param sampling sampling that the configuration asks for
 * @param lmNamed origin of the name of the language model's file
 * @param mimiConfig where the sizes of the codec are or would be
 * @param saysWhetherItSees whether the configuration says if the model sees images; if not, its weights do: see {@link
 *     ModelConfig#images}
 * @param statesSizes whether a configuration states the language model's sizes; if not, they are the release's, with the alphabet of the
 *     codec, and a plain Moshi's are to be read off its tensors: see {@link MoshiSizes}
 */
public record ModelDirectory(
        ModelFiles files,
        ModelConfig config,
        SamplingConfig sampling,
        Naming lmNamed,
        Path mimiConfig,
        boolean saysWhetherItSees,
        boolean statesSizes) {
    /** The origin of a file's name. */
    public enum Naming {
        /** Named by the caller: this file and no other. */
        BY_CALLER,
        /** A configuration, which may have been written for another form of the same model. */
        BY_CONFIGURATION,
        /** Not named: the name of most releases. */
        BY_NOBODY
    }

    /**
     * Finds a model's files and reads its configuration.
     *
     * @param path a directory; or the language model's weights or the YAML file in one
     * @return the model
     * @throws CheckpointException if there is nothing at the path, or a configuration file is malformed, contradicts itself or
     *     another, or requires something that is not implemented
     */
    public static ModelDirectory read(Path path) {
        Path given = path.toAbsolutePath();
        if (!Files.exists(given)) {
            throw new CheckpointException("Cannot read a model from " + given
                    + ": found nothing there, expected a directory or a file. Check the path.");
        }
        boolean directoryGiven = Files.isDirectory(given);
        if (!directoryGiven) {
            refuseForeign(given);
        }
        Path directory = directoryGiven ? given : given.getParent();
        boolean yamlGiven = !directoryGiven && ConfigFile.isYaml(given);
        Optional<ConfigNode> yaml = yaml(given).map(ConfigFile::read);
        ModelDirectory model = read(directory, yaml);
        return directoryGiven || yamlGiven ? model : model.lm(given);
    }

    /** Before other files are missed: the file given may be no part of a model at all. */
    private static void refuseForeign(Path given) {
        String name = given.getFileName().toString();
        if (name.equals(AdapterFiles.WEIGHTS) || name.equals(AdapterFiles.PEFT_WEIGHTS)) {
            throw AdapterFiles.noModel(given);
        }
        if (!ConfigFile.isText(given)) {
            ModelFileType.refuseForeign(given, "a model's directory, or its language model's file");
        }
    }

    /**
     * The same model with another file for its language model.
     *
     * @param file its weights
     * @return the model
     */
    public ModelDirectory lm(Path file) {
        return new ModelDirectory(
                files.lm(file), config, sampling, Naming.BY_CALLER, mimiConfig, saysWhetherItSees, statesSizes);
    }

    private static ModelDirectory read(Path directory, Optional<ConfigNode> yaml) {
        yaml.filter(node -> node.has("lora") || node.has("moshi_paths")).ifPresent(training -> {
            throw AdapterFiles.noModel(training.file());
        });
        Optional<ConfigNode> siglip = sideFile(directory, ModelLayout.SIGLIP_CONFIG);
        VisionConfig named = yaml.map(VisionConfigReader::named).orElse(VisionConfig.SIGLIP_SO400M_448);
        VisionConfig vision = siglip.map(VisionConfigReader::read).orElse(named);
        Optional<ConfigNode> moshi = yaml.isPresent()
                ? Optional.empty()
                : sideFile(directory, ModelLayout.MOSHI_CONFIG).filter(MoshiConfigReader::isMoshi);
        String mimiName =
                moshi.flatMap(node -> node.fileName("mimi_config_name")).orElse(ModelLayout.MIMI_CONFIG);
        Optional<ConfigNode> mimi = sideFile(directory, mimiName);
        MimiConfig codec = mimi.map(MimiConfigReader::read).orElse(MimiConfig.MIMI_V0_1);
        LmConfig lm = yaml.map(node -> LmConfigReader.read(node, vision.hidden()))
                .or(() -> moshi.map(MoshiConfigReader::read))
                .orElseGet(
                        () -> LmConfig.MOSHIKA_VIS.audioCard(codec.quantizer().bins()));
        SamplingConfig sampling = SamplingConfig.read(moshi);
        ConfiguredNames names = ConfiguredNames.of(yaml, moshi);
        ModelFiles files = files(directory, names);
        Stream.of(yaml, moshi, siglip, mimi).flatMap(Optional::stream).forEach(ConfigNode::logUnknown);
        try {
            return new ModelDirectory(
                    files,
                    new ModelConfig(lm, codec, vision),
                    sampling,
                    names.lm().isPresent() ? Naming.BY_CONFIGURATION : Naming.BY_NOBODY,
                    directory.resolve(mimiName),
                    yaml.isPresent(),
                    yaml.isPresent() || moshi.isPresent());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("Cannot use the configuration in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The files of a model: named by its configuration or by {@link ModelLayout}. */
    private static ModelFiles files(Path directory, ConfiguredNames names) {
        List<String> present = list(directory).stream()
                .map(file -> file.getFileName().toString())
                .toList();
        return new ModelFiles(
                directory.resolve(names.lm().orElse(ModelLayout.LM)),
                companion(directory, names.mimi(), ModelLayout.Companion.MIMI, present),
                companion(directory, names.tokenizer(), ModelLayout.Companion.TOKENIZER, present));
    }

    private static Path companion(
            Path directory, Optional<String> named, ModelLayout.Companion kind, List<String> present) {
        return directory.resolve(named.or(() -> kind.among(present)).orElse(kind.released()));
    }

    private static Optional<ConfigNode> sideFile(Path directory, String name) {
        Path file = directory.resolve(name);
        return ConfigFile.isThere(file) ? Optional.of(ConfigFile.read(file)) : Optional.empty();
    }

    /**
     * Finds the YAML file that {@link #read} uses.
     *
     * @param path the path given to {@link #read}
     * @return the file, or empty if there is none
     * @throws CheckpointException if there are several, and none has the release's name
     */
    public static Optional<Path> yaml(Path path) {
        Path given = path.toAbsolutePath();
        if (Files.isDirectory(given)) {
            return findYaml(given);
        }
        return ConfigFile.isYaml(given) ? Optional.of(given) : findYaml(given.getParent());
    }

    private static Optional<Path> findYaml(Path directory) {
        Path released = directory.resolve(ModelLayout.YAML);
        if (ConfigFile.isThere(released)) {
            return Optional.of(released);
        }
        List<Path> candidates =
                list(directory).stream().filter(ConfigFile::isYaml).toList();
        if (candidates.size() > 1) {
            throw new CheckpointException("Cannot read a model from " + directory + ": found "
                    + candidates.stream().map(Path::getFileName).toList()
                    + ", expected one configuration. Name one of them instead of the directory, or call it "
                    + ModelLayout.YAML
                    + ".");
        }
        return candidates.stream().findFirst();
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot read a model from " + directory + ": found " + e
                            + ", expected a readable directory. Check its permissions.",
                    e);
        }
    }
}
