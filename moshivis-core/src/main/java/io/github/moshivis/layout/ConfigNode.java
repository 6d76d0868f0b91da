package io.github.moshivis.layout;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.errors.CheckpointException;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Keys and values of a configuration file; remembers which keys were asked for, so that the others can be reported. */
final class ConfigNode {
    private static final System.Logger LOG = System.getLogger(ConfigNode.class.getName());

    private static final ObjectMapper PLAIN = new ObjectMapper();

    private final Path file;
    private final String prefix;
    private final ObjectNode node;
    private final Set<String> unknown;

    ConfigNode(Path file, ObjectNode node) {
        this(file, "", node, new TreeSet<>());
    }

    private ConfigNode(Path file, String prefix, ObjectNode node, Set<String> unknown) {
        this.file = file;
        this.prefix = prefix;
        this.node = node;
        this.unknown = unknown;
        node.fieldNames().forEachRemaining(key -> unknown.add(prefix + key));
    }

    Path file() {
        return file;
    }

    boolean has(String key) {
        return node.has(key);
    }

    /** All keys with their values, in plain Java types. */
    Map<String, Object> content() {
        return PLAIN.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /** A mapping inside this one. */
    ConfigNode child(String key) {
        if (required(key) instanceof ObjectNode object) {
            return new ConfigNode(file, prefix + key + ".", object, unknown);
        }
        throw wrong(key, node.get(key), "keys with values");
    }

    /** A mapping inside this one; empty if it is absent or null. */
    Optional<ConfigNode> optionalChild(String key) {
        JsonNode value = take(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(child(key));
    }

    int integer(String key) {
        return integer(key, required(key));
    }

    int integer(String key, int fallback) {
        JsonNode value = take(key);
        return value == null ? fallback : integer(key, value);
    }

    /** A number, or empty if the key is absent or null. */
    OptionalInt optionalInteger(String key) {
        JsonNode value = take(key);
        return value == null || value.isNull() ? OptionalInt.empty() : OptionalInt.of(integer(key, value));
    }

    double decimal(String key) {
        return decimal(key, required(key));
    }

    double decimal(String key, double fallback) {
        JsonNode value = take(key);
        return value == null ? fallback : decimal(key, value);
    }

    boolean flag(String key, boolean fallback) {
        JsonNode value = take(key);
        if (value != null && !value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value == null ? fallback : value.booleanValue();
    }

    /** Text, or empty if the key is absent or null. */
    Optional<String> text(String key) {
        JsonNode value = take(key);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrong(key, value, "text");
        }
        return Optional.of(value.textValue());
    }

    /** Last part of a file's name, or empty if the key is absent or null. */
    Optional<String> fileName(String key) {
        return text(key).map(name -> {
            try {
                Path last = Path.of(name).getFileName();
                if (last != null && !last.toString().isEmpty()) {
                    return last.toString();
                }
            } catch (InvalidPathException e) {
                throw wrong(key, name, "characters of a file's name");
            }
            throw wrong(key, name, "the name of a file");
        });
    }

    List<Integer> integers(String key) {
        required(key);
        return integers(key, List.of());
    }

    List<Integer> integers(String key, List<Integer> fallback) {
        JsonNode value = take(key);
        if (value == null) {
            return fallback;
        }
        if (!value.isArray()) {
            throw wrong(key, value, "a list of whole numbers");
        }
        List<Integer> numbers = new ArrayList<>();
        value.forEach(element -> numbers.add(integer(key, element)));
        return numbers;
    }

    /** Refuses a present value whose text is not among those that are implemented; {@code null} and {@code []} are texts too. */
    void only(String key, String... implemented) {
        JsonNode value = take(key);
        if (value != null && !List.of(implemented).contains(value.isTextual() ? value.textValue() : value.toString())) {
            String expected = String.join(" or ", implemented);
            throw wrong(key, value, expected + ", as nothing else is implemented");
        }
    }

    /** Refuses a present mapping in which one of these keys has anything in its list. */
    void onlyEmpty(String key, String... lists) {
        JsonNode value = take(key);
        for (String list : lists) {
            if (value != null && !value.path(list).isEmpty()) {
                throw wrong(key + "." + list, value.get(list), "an empty list, as nothing else is implemented");
            }
        }
    }

    /** Marks keys as known that have no effect on running a model. */
    void ignore(String... keys) {
        Arrays.stream(keys).forEach(this::take);
    }

    /** Makes a record, turning its complaints into complaints about this file. */
    <T> T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new CheckpointException("Cannot use configuration " + file + ": " + e.getMessage(), e);
        }
    }

    /** Logs once the keys that were not read. */
    void logUnknown() {
        if (!unknown.isEmpty()) {
            LOG.log(Level.WARNING, "Ignoring unknown keys {0} of {1}", ConfigFile.shown(unknown), file);
        }
    }

    CheckpointException wrong(String key, Object found, String expected) {
        return new CheckpointException("Cannot use configuration " + file + ": " + prefix + key + ": found "
                + ConfigFile.shown(found) + ", expected " + expected + ". Correct the value.");
    }

    private JsonNode take(String key) {
        unknown.remove(prefix + key);
        return node.get(key);
    }

    private JsonNode required(String key) {
        JsonNode value = take(key);
        if (value == null) {
            throw wrong(key, "nothing", "a value, as this file states all sizes");
        }
        return value;
    }

    private int integer(String key, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(key, value, "a whole number");
        }
        return value.intValue();
    }

    private double decimal(String key, JsonNode value) {
        // YAML 1.1 reads 1e-6, without a point, as text.
        double number = Double.NaN;
        try {
            number = value.isNumber()
                    ? value.doubleValue()
                    : value.isTextual() ? Double.parseDouble(value.textValue()) : number;
        } catch (NumberFormatException e) {
            throw wrong(key, value, "a number");
        }
        if (!Double.isFinite(number)) {
            throw wrong(key, value, "a number");
        }
        return number;
    }
}
