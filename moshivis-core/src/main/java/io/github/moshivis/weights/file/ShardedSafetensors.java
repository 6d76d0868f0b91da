package io.github.moshivis.weights.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.ModelFileType;
import io.github.moshivis.filetype.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A model in several safetensors files, joined by an index such as {@code model.safetensors.index.json}: a JSON object whose {@code
 * weight_map} says in which file beside it each tensor is.
 */
public final class ShardedSafetensors {
    private static final String KIND = "shard index";
    private static final int MAX_NESTING = 8;
    /** Some hundred thousand tensors. */
    private static final int MAX_BYTES = 32 << 20;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private ShardedSafetensors() {}

    /**
     * Opens all shards.
     *
     * @param path the index
     * @return the shards as one file
     * @throws CheckpointException if the index is malformed, or a shard is missing, damaged, or lacks a tensor it should have
     */
    static TensorFile open(Path path) {
        Path index = path.toAbsolutePath();
        Map<String, String> places = places(index);
        List<TensorFile> shards = new ArrayList<>();
        try {
            Map<String, TensorFile> byName = new LinkedHashMap<>();
            for (String name : new TreeSet<>(places.values())) {
                TensorFile shard = SafetensorsFile.open(index.resolveSibling(name));
                shards.add(shard);
                byName.put(name, shard);
            }
            places.forEach((tensor, name) -> {
                if (!byName.get(name).tensors().containsKey(tensor)) {
                    throw damaged(
                            index,
                            SafetensorsHeader.quoted(tensor),
                            "not in " + byName.get(name).path(),
                            "it there");
                }
            });
            return new JoinedFiles(index, shards);
        } catch (RuntimeException | Error e) {
            shards.forEach(TensorFile::close);
            throw e;
        }
    }

    /** File names by tensor names. */
    public static Map<String, String> places(Path index) {
        JsonNode map;
        try {
            ModelFileType.refuseForeignText(index, "an index of shards in JSON");
            JsonNode root = JSON.readTree(WholeFile.text(index, MAX_BYTES)
                    .orElseThrow(
                            () -> damaged(index, "size", "more than " + MAX_BYTES + " bytes", "at most " + MAX_BYTES)));
            if (root.path("error").isTextual()) {
                throw damaged(index, "content", "a server's error message", "a weight_map");
            }
            map = root.path("weight_map");
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot read " + KIND + " " + index + ": found " + e.getMessage()
                            + ", expected JSON with a weight_map. Download the file again.",
                    e);
        }
        Map<String, String> places = new LinkedHashMap<>();
        map.properties()
                .forEach(entry -> places.put(
                        entry.getKey(),
                        entry.getValue().isTextual() ? entry.getValue().textValue() : ""));
        if (places.isEmpty()) {
            throw damaged(index, "weight_map", "no tensor", "a file name for each tensor");
        }
        places.forEach((tensor, name) -> {
            if (name.isEmpty() || !name.matches("[\\w.+-]+") || name.startsWith("..")) {
                throw damaged(
                        index,
                        SafetensorsHeader.quoted(tensor),
                        "the file name " + name.replaceAll("\\p{Cntrl}", "?"),
                        "the name of a file beside the index");
            }
        });
        return places;
    }

    private static CheckpointException damaged(Path index, String what, String found, String expected) {
        return new CheckpointException("Cannot read " + KIND + " " + index + ": " + what + ": found " + found
                + ", expected " + expected + ". Download all files of the model again.");
    }
}
