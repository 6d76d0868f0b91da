package io.github.moshivis.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is bundled so that every command works with nothing downloaded: a tiny model with random weights (it speaks noise), a clip
 * and a picture. They are copied to a temporary directory, which is deleted when the program ends, because models and sounds are
 * read from files. Used by one thread.
 */
final class Demo {
    /** Time to answer, as the clip ends with the question. */
    static final double TAIL_SECONDS = 4;

    private static final List<String> MODEL = List.of(
            "model.safetensors",
            "tokenizer-e351c8d8-checkpoint125.safetensors",
            "tokenizer_spm_32k_3.model",
            "moshika-vis.yaml",
            "mimi_config.json",
            "siglip_config.json");

    private Path directory;

    /** The directory of the model. */
    Path model() {
        MODEL.forEach(name -> file("model/" + name));
        return directory.resolve("model");
    }

    /** Somebody speaks for four seconds. */
    Path clip() {
        return file("input.wav");
    }

    /** A picture to talk about. */
    Path picture() {
        return file("input.png");
    }

    private Path file(String name) {
        try (InputStream bundled = Demo.class.getResourceAsStream("/demo/" + name)) {
            if (directory == null) {
                directory = deletedAtExit(Files.createTempDirectory("moshivis-demo-"));
                deletedAtExit(Files.createDirectory(directory.resolve("model")));
            }
            Path file = directory.resolve(name);
            if (!Files.exists(file)) {
                Files.copy(bundled, deletedAtExit(file));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("The bundled " + name + " cannot be copied to a temporary directory", e);
        }
    }

    /** Directories come first: what was registered last is deleted first. */
    static Path deletedAtExit(Path path) {
        path.toFile().deleteOnExit();
        return path;
    }
}
