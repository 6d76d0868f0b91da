package io.github.moshivis.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The bundled model, clip and picture, with which every command works without a download. The model is tiny and has random weights: it
 * babbles. Models and clips are read from files, so the resources are copied to a temporary directory, which is deleted when the program
 * ends. Used by one thread.
 */
public final class Demo {
    /** Seconds of silence after the clip, in which the model can answer. */
    public static final double TAIL_SECONDS = 4;

    private static final List<String> MODEL = List.of(
            "model.safetensors",
            "tokenizer-e351c8d8-checkpoint125.safetensors",
            "tokenizer_spm_32k_3.model",
            "moshika-vis.yaml",
            "mimi_config.json",
            "siglip_config.json");

    private Path directory;

    /** Creates a demo; nothing is copied yet. */
    public Demo() {}

    /**
     * Copies the model, unless it was before.
     *
     * @return the model's directory
     * @throws UncheckedIOException if there is no room for it
     */
    public Path model() {
        MODEL.forEach(name -> file("model/" + name));
        return directory.resolve("model");
    }

    /**
     * Copies the clip: four seconds of speech.
     *
     * @return a WAV file
     * @throws UncheckedIOException if there is no room for it
     */
    public Path clip() {
        return file("input.wav");
    }

    /**
     * Copies the picture.
     *
     * @return a PNG file
     * @throws UncheckedIOException if there is no room for it
     */
    public Path picture() {
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

    /**
     * Deletes a file or an empty directory when the program ends. The last path registered is deleted first, so register a directory
     * before its files.
     *
     * @param path a file or a directory
     * @return the same path
     */
    public static Path deletedAtExit(Path path) {
        path.toFile().deleteOnExit();
        return path;
    }
}
