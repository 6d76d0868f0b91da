package io.github.moshivis.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.server.chat.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The PyTorch server's file: it names the files of the model; its description of the model is read by the loader. */
final class PytorchConfig {
    private PytorchConfig() {}

    static ConfigFile of(JsonNode tree, Path file) {
        Entries entries = new Entries(tree, file);
        Map<String, String> flags = new HashMap<>();
        Optional<String> repository = entries.text("hf_repo");
        Optional<Path> model = path(entries, "model", file);
        Optional<Path> mimi = path(entries, "mimi_codec", file);
        Optional<Path> tokenizer = path(entries, "text_tokenizer", file);
        if (repository.isPresent()) {
            flags.put("model", repository.get());
        } else {
            flags.put(
                    "model",
                    model.map(Path::toString)
                            .orElseThrow(
                                    () -> new IllegalArgumentException(
                                            "Cannot find the model of " + file.toAbsolutePath()
                                                    + ": found neither hf_repo nor model, expected one of them. Correct the configuration")));
            mimi.ifPresent(path -> flags.put("mimi", path.toString()));
            tokenizer.ifPresent(path -> flags.put("tokenizer", path.toString()));
        }
        entries.addFlags(flags, ConfigFile.VOICE_FLAGS);
        // "start" is the released file's word for the first step.
        Map<Setting, Double> defaults = entries.get("xa_start")
                .filter(JsonNode::isNumber)
                .map(start -> Map.of(Setting.XA_START, entries.number("xa_start", start)))
                .orElse(Map.of());
        return new ConfigFile(Map.copyOf(flags), defaults, Map.of(), entries.others());
    }

    /** Returns a path as the PyTorch server resolves it, or else relative to the configuration file. */
    private static Optional<Path> path(Entries entries, String key, Path file) {
        return entries.text(key)
                .map(text -> entries.path(key, text))
                .map(path -> Files.exists(path) ? path : file.resolveSibling(path));
    }
}
