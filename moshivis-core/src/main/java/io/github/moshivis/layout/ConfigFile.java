package io.github.moshivis.layout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.ModelFileType;
import io.github.moshivis.filetype.WholeFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Reads a JSON or YAML file of configuration from an untrusted source: small, flat, every key once, no YAML aliases. */
final class ConfigFile {
    /** The release's files have some 1,000 bytes. */
    static final int MAX_BYTES = 1_000_000;

    private static final int MAX_SHOWN = 300;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(16)
            .maxNumberLength(100)
            .build();
    private static final ObjectMapper JSON =
            strict(JsonFactory.builder().streamReadConstraints(LIMITS).build());
    private static final ObjectMapper YAML =
            strict(YAMLFactory.builder().streamReadConstraints(LIMITS).build());

    private ConfigFile() {}

    private static ObjectMapper strict(JsonFactory factory) {
        return new ObjectMapper(factory)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** Returns whether a file is YAML by its name. */
    static boolean isYaml(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /** Returns whether a file is text by its name: YAML, or JSON such as an index of shards. */
    static boolean isText(Path file) {
        return isYaml(file) || file.getFileName().toString().endsWith(".json");
    }

    /** Returns whether there is such a file; a symbolic link that leads nowhere is one, which cannot be read. */
    static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads a file whose top level is a mapping.
     *
     * @throws CheckpointException if it cannot be read, is too large, malformed, or no mapping
     */
    static ConfigNode read(Path path) {
        Path file = path.toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe without a writer would be waited for
            throw unusable(file, Files.isDirectory(file) ? "a directory" : "no regular file", "a readable file", null);
        }
        try {
            ModelFileType.refuseForeignText(file, "a configuration in " + (isYaml(file) ? "YAML" : "JSON"));
            String text = WholeFile.text(file, MAX_BYTES)
                    .orElseThrow(
                            () -> unusable(file, "more than " + MAX_BYTES + " bytes", "at most " + MAX_BYTES, null));
            ObjectMapper mapper = isYaml(file) ? YAML : JSON;
            refuseAliases(file, mapper, text);
            JsonNode root = mapper.readTree(text);
            if (!(root instanceof ObjectNode object)) {
                String found =
                        root.isMissingNode() ? "nothing" : root.getNodeType().toString();
                throw unusable(file, found, "keys with values", null);
            }
            refuseErrorMessage(file, object);
            return new ConfigNode(file, object);
        } catch (CharacterCodingException e) {
            throw unusable(file, "bytes that are no UTF-8", "UTF-8", e);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            throw unusable(file, e.getOriginalMessage() + where, isYaml(file) ? "YAML" : "JSON", e);
        } catch (IOException e) {
            throw unusable(file, e.toString(), "a readable file", e);
        }
    }

    /** An answer of a hub or proxy in the place of a file is a mapping, too, and its keys are unknown here. */
    private static void refuseErrorMessage(Path file, ObjectNode object) {
        if (object.path("error").isTextual()) {
            throw unusable(
                    file,
                    "a server's error message (" + object.path("error").textValue() + ")",
                    "the model's configuration; download it again",
                    null);
        }
    }

    /** Jackson reads an alias as its own name, without a word; nothing here needs one. */
    private static void refuseAliases(Path file, ObjectMapper mapper, String text) throws IOException {
        try (JsonParser parser = mapper.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
                    throw unusable(file, "the alias *" + yaml.getText(), "values written out", null);
                }
            }
        }
    }

    /** Returns a value of a file in a form that fits into one line of a message. */
    static String shown(Object found) {
        String line = String.valueOf(found).replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
    }

    private static CheckpointException unusable(Path file, String found, String expected, Throwable cause) {
        return new CheckpointException(
                "Cannot use configuration " + file + ": found " + shown(found) + ", expected " + expected
                        + ". Correct the file, or take the release's.",
                cause);
    }
}
