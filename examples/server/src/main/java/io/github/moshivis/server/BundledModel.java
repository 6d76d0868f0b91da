package io.github.moshivis.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A tiny model with random weights, which speaks noise: so that everything works with nothing downloaded. */
final class BundledModel {
    private static final List<String> FILES = List.of(
            "model.safetensors",
            "tokenizer-e351c8d8-checkpoint125.safetensors",
            "tokenizer_spm_32k_3.model",
            "moshika-vis.yaml",
            "mimi_config.json",
            "siglip_config.json");

    private BundledModel() {}

    /** Copies the model to a temporary directory, which is deleted when the program ends: models are read from files. */
    static Path unpack() {
        try {
            Path directory = Files.createTempDirectory("moshivis-demo-");
            directory.toFile().deleteOnExit();
            for (String name : FILES) {
                try (InputStream bundled = BundledModel.class.getResourceAsStream("/demo/model/" + name)) {
                    Path file = directory.resolve(name);
                    Files.copy(bundled, file);
                    file.toFile().deleteOnExit();
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("The bundled model cannot be copied to a temporary directory", e);
        }
    }
}
