package io.github.moshivis.layout;

import io.github.moshivis.errors.CheckpointException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * File names in a model's configuration.
 *
 * @param lm the language model's weights
 * @param mimi the codec's weights
 * @param tokenizer the SentencePiece model
 * @param vis whether the configuration is MoshiVis's, whose model sees images, rather than plain Moshi's or none
 */
public record ConfiguredNames(Optional<String> lm, Optional<String> mimi, Optional<String> tokenizer, boolean vis) {
    /** Prefix by which moshi names a file of another repository. */
    private static final String ELSEWHERE = "hf://";

    /** No configuration. */
    public static final ConfiguredNames NONE =
            new ConfiguredNames(Optional.empty(), Optional.empty(), Optional.empty(), false);

    /**
     * Reads the names in a directory's configuration, and nothing else of it.
     *
     * @param directory holds the configuration files, and perhaps no other files yet
     * @return the names
     * @throws CheckpointException if a configuration file is malformed, or there are several YAML files and none has the released name
     */
    public static ConfiguredNames read(Path directory) {
        Optional<ConfigNode> yaml = ModelDirectory.yaml(directory).map(ConfigFile::read);
        Path json = directory.resolve(ModelLayout.MOSHI_CONFIG);
        Optional<ConfigNode> moshi = yaml.isEmpty() && ConfigFile.isThere(json)
                ? Optional.of(ConfigFile.read(json)).filter(MoshiConfigReader::isMoshi)
                : Optional.empty();
        return of(yaml, moshi);
    }

    static ConfiguredNames of(Optional<ConfigNode> yaml, Optional<ConfigNode> moshi) {
        yaml.ifPresent(node -> node.ignore("hf_repo"));
        List<String> keys = moshi.isPresent()
                ? List.of("moshi_name", "mimi_name", "tokenizer_name")
                : List.of("model", "mimi_codec", "text_tokenizer");
        Optional<ConfigNode> node = moshi.or(() -> yaml);
        return new ConfiguredNames(
                name(node, keys.get(0)), name(node, keys.get(1)), name(node, keys.get(2)), yaml.isPresent());
    }

    private static Optional<String> name(Optional<ConfigNode> node, String key) {
        Optional<String> name =
                node.flatMap(present -> present.text(key)).map(text -> text.replaceFirst("^file://", ""));
        if (name.isPresent() && name.get().startsWith(ELSEWHERE)) {
            throw node.orElseThrow()
                    .wrong(
                            key,
                            name.get(),
                            "a file of this directory: fetch that file, and name it by LoadOptions.lmFile, mimiFile or"
                                    + " tokenizerFile");
        }
        try {
            name.ifPresent(Path::of);
        } catch (InvalidPathException e) {
            throw node.orElseThrow().wrong(key, name.orElseThrow(), "the name of a file");
        }
        return name;
    }
}
