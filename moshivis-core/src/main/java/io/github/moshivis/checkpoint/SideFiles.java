package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelDirectoryWriter;
import io.github.moshivis.layout.ModelFiles;
import io.github.moshivis.layout.ModelLayout;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files of a model's directory beside the language model: the same in all forms, under the released names. */
final class SideFiles {
    /** The configuration that names the other files; empty if the model has none. */
    private final Optional<Path> naming;

    private final ModelConfig config;

    /** New names, and the files that get them. */
    private final Map<String, Path> linked = new LinkedHashMap<>();

    private final List<String> missing = new ArrayList<>();

    /**
     * Finds the files.
     *
     * @param path the opened file or directory
     * @param model the model found there
     * @param config its sizes
     */
    SideFiles(Path path, ModelDirectory model, ModelConfig config) {
        Path directory = Files.isDirectory(path) ? path : path.getParent();
        this.naming = config.lm().isSpeechToText()
                ? Optional.of(directory.resolve(ModelLayout.MOSHI_CONFIG))
                : ModelDirectory.yaml(path);
        this.config = config;
        addNeeded(ModelLayout.Companion.MIMI.released(), model.files().mimi());
        addNeeded(ModelLayout.Companion.TOKENIZER.released(), model.files().tokenizer());
        addIfThere(ModelLayout.MIMI_CONFIG, model.mimiConfig());
        addIfThere(ModelLayout.SIGLIP_CONFIG, directory.resolve(ModelLayout.SIGLIP_CONFIG));
    }

    private void addIfThere(String name, Path file) {
        if (Files.isRegularFile(file)) {
            linked.put(name, file);
        }
    }

    private void addNeeded(String name, Path file) {
        if (Files.isRegularFile(file)) {
            linked.put(name, file);
        } else {
            missing.add(name);
        }
    }

    /** Files missing in the source directory and therefore in the new one. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    /** Names of the files that are written. */
    List<String> names() {
        List<String> names = new ArrayList<>(linked.keySet());
        names.add(ModelDirectoryWriter.namingFile(config.lm()));
        return names;
    }

    /** Files that are read. */
    List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(linked.values());
        naming.ifPresent(inputs::add);
        return inputs;
    }

    /** Bytes of the files, should they have to be copied. */
    long bytes() {
        return linked.values().stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    /**
     * Links or copies all files, and writes a configuration that names them.
     *
     * @param directory where to
     * @param modelFile the language model's name there
     * @throws IOException if it fails
     */
    void write(Path directory, String modelFile) throws IOException {
        for (Map.Entry<String, Path> file : linked.entrySet()) {
            linkOrCopy(file.getValue().toRealPath(), directory.resolve(file.getKey()));
        }
        ModelFiles files = new ModelFiles(
                directory.resolve(modelFile),
                directory.resolve(ModelLayout.Companion.MIMI.released()),
                directory.resolve(ModelLayout.Companion.TOKENIZER.released()));
        if (config.lm().isSpeechToText()) {
            ModelDirectoryWriter.writeSttConfig(naming.orElseThrow(), files, directory);
        } else {
            ModelDirectoryWriter.writeYaml(naming, config, files, directory);
        }
    }

    private static void linkOrCopy(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, target); // another file system, or one without links
        }
    }
}
