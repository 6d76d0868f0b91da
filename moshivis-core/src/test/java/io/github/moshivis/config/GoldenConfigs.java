package io.github.moshivis.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The configurations of the golden sets that are no model directories, for the tests of all modules. */
public final class GoldenConfigs {
    private GoldenConfigs() {}

    /** The language model of the set {@code lm}, as its {@code config.json} states it. */
    public static LmConfig lm() {
        return lm(read(file("lm")).get("moshi").get("delays"));
    }

    /** The same with the longer delays {@code delays_2}. */
    public static LmConfig lmWithDelays2() {
        return lm(read(file("lm")).get("delays_2"));
    }

    private static LmConfig lm(JsonNode delays) {
        Path file = file("lm");
        ObjectNode set = read(file);
        ObjectNode flat = set.withObject("moshi").deepCopy();
        flat.setAll(set.withObject("fuse_and_image"));
        flat.set("delays", delays);
        return LmConfigReader.read(new ConfigNode(file, flat), lmVision().hidden());
    }

    /** The image encoder in the checkpoint of the set {@code lm}. */
    public static VisionConfig lmVision() {
        Path file = file("lm");
        return VisionConfigReader.read(new ConfigNode(file, read(file)).child("siglip_vision_config"));
    }

    /** The image encoder of the set {@code vision}. */
    public static VisionConfig vision() {
        Path file = file("vision");
        return VisionConfigReader.read(new ConfigNode(file, read(file)).child("siglip_vision_config"));
    }

    /** The codec of the set {@code mimi}. */
    public static MimiConfig mimi() {
        Path file = file("mimi");
        return MimiConfigReader.read(new ConfigNode(file, read(file)).child("mimi"));
    }

    /** The whole model of the set {@code e2e}. */
    public static ModelDirectory e2e() {
        return ModelDirectory.read(directory().resolve("e2e").resolve("model"));
    }

    static Path directory() {
        return Path.of(System.getProperty("golden.dir"));
    }

    static Path file(String set) {
        return directory().resolve(set).resolve("config.json");
    }

    static ObjectNode read(Path file) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
