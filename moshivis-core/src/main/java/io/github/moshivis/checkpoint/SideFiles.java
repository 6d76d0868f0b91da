package io.github.moshivis.checkpoint;

import io.github.moshivis.config.ModelDirectory;
import io.github.moshivis.config.ModelFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a model's directory holds beside the language model: the same in all forms. */
final class SideFiles {
    private static final String NAMES_IN_YAML = "(?m)^(model|mimi_codec|text_tokenizer)[ \\t]*:.*\\R?";

    /** New names, and the files that get them. */
    private final Map<String, Path> linked = new LinkedHashMap<>();

    private final List<String> missing = new ArrayList<>();
    private final Optional<Path> yaml;

    /**
     * Finds them.
     *
     * @param path what was opened
     * @param model what was found there
     */
    SideFiles(Path path, ModelDirectory model) {
        Path directory = Files.isDirectory(path) ? path : path.getParent();
        add(ModelFiles.MIMI, model.files().mimi(), true);
        add(ModelFiles.TOKENIZER, model.files().tokenizer(), true);
        add(ModelDirectory.MIMI_CONFIG, directory.resolve(ModelDirectory.MIMI_CONFIG), false);
        add(ModelDirectory.SIGLIP_CONFIG, directory.resolve(ModelDirectory.SIGLIP_CONFIG), false);
        yaml = ModelDirectory.yaml(path);
    }

    private void add(String name, Path file, boolean needed) {
        if (Files.isRegularFile(file)) {
            linked.put(name, file);
        } else if (needed) {
            missing.add(name);
        }
    }

    /** Files that the new directory lacks as the old one did. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    /** Names of the files that are written. */
    List<String> names(String modelFile) {
        List<String> names = new ArrayList<>(linked.keySet());
        if (yaml.isPresent() || !modelFile.equals(ModelFiles.LM)) {
            names.add(ModelDirectory.YAML);
        }
        return names;
    }

    /** Files that are read. */
    List<Path> inputs() {
        List<Path> inputs = new ArrayList<>(linked.values());
        yaml.ifPresent(inputs::add);
        return inputs;
    }

    /** Bytes of the files, should they have to be copied. */
    long bytes() {
        return linked.values().stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    /** Links or copies all files; the configuration is told the new names. */
    void write(Path directory, String modelFile) throws IOException {
        for (Map.Entry<String, Path> file : linked.entrySet()) {
            linkOrCopy(file.getValue().toRealPath(), directory.resolve(file.getKey()));
        }
        if (names(modelFile).contains(ModelDirectory.YAML)) {
            String said = yaml.isPresent() ? Files.readString(yaml.get()) : "";
            String kept = said.replaceAll(NAMES_IN_YAML, "");
            String named = "model: " + modelFile + "\nmimi_codec: " + ModelFiles.MIMI + "\ntext_tokenizer: "
                    + ModelFiles.TOKENIZER + "\n";
            Files.writeString(directory.resolve(ModelDirectory.YAML), endingLine(kept) + named);
        }
    }

    private static String endingLine(String text) {
        return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    }

    private static void linkOrCopy(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, target); // another file system, or one without links
        }
    }
}
