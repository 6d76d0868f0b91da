package io.github.moshivis.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entries of one file, read by name; entries that were not read are known at the end. Used by one thread. */
final class Entries {
    private final JsonNode node;
    private final Path file;
    private final Set<String> asked = new HashSet<>();

    Entries(JsonNode node, Path file) {
        this.node = node;
        this.file = file;
    }

    /** Returns an entry; empty if it is absent or null. */
    Optional<JsonNode> get(String key) {
        asked.add(key);
        return Optional.ofNullable(node.get(key)).filter(value -> !value.isNull());
    }

    /** Returns a text; empty also for an empty text. */
    Optional<String> text(String key) {
        Optional<JsonNode> value = get(key);
        if (value.isPresent() && !value.get().isTextual()) {
            throw bad(key, value.get(), "a text");
        }
        return value.map(JsonNode::asText).filter(text -> !text.isBlank());
    }

    /** Returns the command line options that both kinds of files may have, as texts or lists of texts. */
    void addFlags(Map<String, String> flags, String... keys) {
        for (String key : keys) {
            Optional<JsonNode> value = get(key);
            if (value.isPresent() && value.get().isArray()) {
                List<String> texts = new ArrayList<>();
                value.get().forEach(text -> texts.add(text.asText()));
                flags.put(key, String.join(",", texts));
            } else {
                text(key).ifPresent(text -> flags.put(key, text));
            }
        }
    }

    Optional<Double> number(String key) {
        Optional<JsonNode> value = get(key);
        return value.map(found -> number(key, found));
    }

    /** Returns a number of a value; one beyond the range of numbers is none. */
    double number(String key, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw bad(key, value, "a number");
        }
        return value.asDouble();
    }

    /** Returns a path in a text. */
    Path path(String key, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw bad(key, TextNode.valueOf(text), "a path");
        }
    }

    IllegalArgumentException bad(String key, JsonNode found, String expected) {
        return new IllegalArgumentException("Cannot use " + key + " in " + file.toAbsolutePath() + ": found " + found
                + ", expected " + expected + ". Correct it");
    }

    /** Returns the keys that were not read. */
    List<String> others() {
        List<String> all = new ArrayList<>();
        node.fieldNames().forEachRemaining(all::add);
        all.removeAll(asked);
        return all;
    }
}
