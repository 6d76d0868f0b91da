package io.github.moshivis.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes JSON where it hurts: values of other kinds, numbers at edges, long and deep values, missing members, and texts that are no JSON. */
final class JsonMutator {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e308",
            "-1e-320",
            "2147483648",
            "9223372036854775807",
            "123456789012345678901234567890",
            "0.5",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"=\"",
            "\"AA\"",
            "\"AAA=\"",
            "\"none\"",
            "\"\u00e9\u4e16\ud83d\ude00\"",
            "[]",
            "{}",
            "[[[[]]]]",
            "[null,1,\"a\"]");

    private final Random random;

    JsonMutator(Random random) {
        this.random = random;
    }

    /** A text like the given one, a few changes away. */
    String mutated(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                change(tree);
            }
            String changed = tree.toString();
            return random.nextInt(4) == 0 ? broken(changed) : changed;
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private void change(JsonNode tree) throws JsonProcessingException {
        List<ContainerNode<?>> places = new ArrayList<>();
        collect(tree, places);
        ContainerNode<?> place = places.get(random.nextInt(places.size()));
        if (place instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(6)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name + "_", object.remove(name));
                case 2 ->
                    object.set(
                            name,
                            object.get(names.get(random.nextInt(names.size()))).deepCopy());
                default -> object.set(name, value());
            }
        } else if (place instanceof ArrayNode array) {
            array.insert(0, value());
        }
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> places) {
        if (node instanceof ContainerNode<?> container) {
            places.add(container);
        }
        node.forEach(child -> collect(child, places));
    }

    private JsonNode value() throws JsonProcessingException {
        return switch (random.nextInt(12)) {
            case 0 -> NODES.textNode("A".repeat(1 << random.nextInt(17)));
            case 1 -> deep(random.nextInt(60));
            case 2 -> NODES.numberNode(random.nextLong());
            default -> JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        };
    }

    private static JsonNode deep(int levels) {
        JsonNode inner = NODES.objectNode();
        for (int i = 0; i < levels; i++) {
            inner = NODES.objectNode().set("type", inner);
        }
        return inner;
    }

    private String broken(String text) {
        int at = random.nextInt(text.length());
        return switch (random.nextInt(6)) {
            case 0 -> text.substring(0, at);
            case 1 -> text + text;
            case 2 -> text.substring(0, at) + (char) random.nextInt(0xd800) + text.substring(at);
            case 3 -> "[".repeat(100_000);
            case 4 -> "9".repeat(20_000);
            default -> "";
        };
    }
}
