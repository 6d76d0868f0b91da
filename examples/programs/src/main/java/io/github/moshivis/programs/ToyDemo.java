package io.github.moshivis.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A tiny model with random weights, which babbles, with a clip and a picture: the golden data of the tests, for parity checks. Models and
 * clips are read from files, so the resources are copied to a temporary directory, which is deleted when the program ends. Used by one
 * thread.
 */
public final class ToyDemo implements Demo {
    private static final double TAIL_SECONDS = 4;

    private static final List<String> MODEL = List.of(
            "model.safetensors",
            "tokenizer-e351c8d8-checkpoint125.safetensors",
            "tokenizer_spm_32k_3.model",
            "moshika-vis.yaml",
            "mimi_config.json",
            "siglip_config.json");

    private Path directory;

    /** Creates a demo without copying anything. */
    public ToyDemo() {}

    @Override
    public Path model() {
        MODEL.forEach(name -> file("model/" + name));
        return directory.resolve("model");
    }

    @Override
    public Path clip() {
        return file("input.wav");
    }

    @Override
    public Path picture() {
        return file("input.png");
    }

    @Override
    public double tailSeconds() {
        return TAIL_SECONDS;
    }

    private Path file(String name) {
        try (InputStream bundled = ToyDemo.class.getResourceAsStream("/demo/" + name)) {
            if (directory == null) {
                directory = TemporaryDirectories.create("moshivis-demo-");
                Files.createDirectory(directory.resolve("model"));
            }
            Path file = directory.resolve(name);
            if (!Files.exists(file)) {
                Files.copy(bundled, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("The bundled " + name + " cannot be copied to a temporary directory", e);
        }
    }
}
