package io.github.moshivis.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.server.chat.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The PyTorch server's file: it says where the model is, and else describes it, which is read with the model itself. */
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
                .map(start -> Map.of(Setting.XA_START, start.asDouble()))
                .orElse(Map.of());
        return new ConfigFile(Map.copyOf(flags), defaults, Map.of(), entries.others());
    }

    /** A path as the PyTorch server takes it; or else one beside the configuration. */
    private static Optional<Path> path(Entries entries, String key, Path file) {
        return entries.text(key).map(Path::of).map(path -> Files.exists(path) ? path : file.resolveSibling(path));
    }
}
