package io.github.moshivis.weights.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON of a safetensors header, entry by entry, with bounds on everything that it keeps. */
final class SafetensorsHeaderParser {
    /** Released checkpoints have up to some 2,000 tensors; this bounds what a header of 100 MB can allocate. */
    static final int MAX_TENSORS = 100_000;

    /** Maximum length of a header's metadata, in characters, all together. */
    static final int MAX_METADATA_CHARS = 10_000_000;

    static final String METADATA = "__metadata__";

    private static final List<StoredType> SCALARS =
            Arrays.stream(StoredType.values()).filter(type -> !type.isBlock()).toList();

    /** The header of a well-formed file is an object of objects of arrays; unknown keys may add a little. */
    private static final int MAX_NESTING = 8;

    private static final int MAX_NAME_CHARS = 1000;

    private static final int MAX_NUMBER_CHARS = 20;

    // Names of a hostile header must not pile up in tables that outlive it.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxNameLength(MAX_NAME_CHARS)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(MAX_METADATA_CHARS)
                    .build())
            .build();

    private final Path file;
    private final long dataStart;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    SafetensorsHeaderParser(Path file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    void parse(Reader reader) throws IOException {
        try (JsonParser json = JSON.createParser(reader)) {
            expect(json.nextToken(), JsonToken.START_OBJECT, "header", "a JSON object");
            boolean described = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (!name.equals(METADATA)) {
                    tensor(json, name);
                } else if (described) {
                    throw damaged(METADATA, "it twice", "it once");
                } else {
                    described = true;
                    metadata(json);
                }
            }
            if (json.nextToken() != null) {
                throw damaged("header", "text after its end", "spaces only");
            }
        }
    }

    private void metadata(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(json.currentToken(), JsonToken.START_OBJECT, METADATA, "an object of strings");
        int chars = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA, "an object of strings");
            String value = json.getText();
            chars += key.length() + value.length();
            if (chars > MAX_METADATA_CHARS) {
                throw damaged(METADATA, "more than " + MAX_METADATA_CHARS + " characters", "fewer");
            }
            if (metadata.put(key, value) != null) {
                throw damaged(METADATA, "the key '" + key + "' twice", "each key once");
            }
        }
    }

    private void tensor(JsonParser json, String name) throws IOException {
        String what = SafetensorsHeader.quoted(name);
        if (tensors.size() == MAX_TENSORS) {
            throw damaged("header", "more than " + MAX_TENSORS + " tensors", "fewer");
        }
        expect(json.currentToken(), JsonToken.START_OBJECT, what, "an object of dtype, shape and data_offsets");
        String dtype = null;
        List<Long> shape = null;
        List<Long> range = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "dtype" -> {
                    once(dtype, what, key);
                    expect(value, JsonToken.VALUE_STRING, what + " dtype", "a string");
                    dtype = json.getText();
                }
                case "shape" -> {
                    once(shape, what, key);
                    shape = numbers(json, what + " shape");
                }
                case "data_offsets" -> {
                    once(range, what, key);
                    range = numbers(json, what + " data_offsets");
                }
                default -> json.skipChildren();
            }
        }
        if (dtype == null || shape == null || range == null) {
            throw damaged(what, "an entry without all of its keys", "dtype, shape and data_offsets");
        }
        if (tensors.put(name, place(name, dtype, shape, range)) != null) {
            throw damaged(what, "it twice", "each name once");
        }
    }

    private StoredTensor place(String name, String dtype, List<Long> shape, List<Long> range) {
        String what = SafetensorsHeader.quoted(name);
        StoredType type = SCALARS.stream()
                .filter(t -> t.name().equals(dtype))
                .findFirst()
                .orElseThrow(() -> damaged(what, "dtype '" + dtype + "'", "one of " + SCALARS));
        TensorSpec spec;
        try {
            spec = new TensorSpec(name, type, Shape.of(shape));
        } catch (IllegalArgumentException e) {
            throw damaged(what, e.getMessage(), "a shape that this library reads");
        }
        if (range.size() != 2 || range.get(0) < 0 || range.get(1) < range.get(0)) {
            throw damaged(what, "data_offsets " + range, "a start and an end that is not before it");
        }
        long bytes = range.get(1) - range.get(0);
        if (bytes != spec.byteLength()) {
            throw damaged(
                    what,
                    "data_offsets " + range + " of " + bytes + " bytes",
                    spec.byteLength() + " bytes for " + type + " " + spec.shape());
        }
        if (range.get(1) > Long.MAX_VALUE - dataStart) {
            throw damaged(what, "data_offsets " + range, "offsets inside the file");
        }
        return new StoredTensor(spec, dataStart + range.get(0));
    }

    private List<Long> numbers(JsonParser json, String what) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY, what, "an array of whole numbers");
        List<Long> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, what, "an array of whole numbers");
            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw damaged(what, json.getText(), "a number that fits 63 bits");
            }
            if (numbers.size() > Shape.MAX_RANK) {
                throw damaged(what, "more than " + numbers.size() + " numbers", "fewer");
            }
            numbers.add(json.getLongValue());
        }
        return numbers;
    }

    private void once(Object earlier, String what, String key) {
        if (earlier != null) {
            throw damaged(what, "the key '" + key + "' twice", "each key once");
        }
    }

    private void expect(JsonToken found, JsonToken wanted, String what, String expected) {
        if (found != wanted) {
            throw damaged(what, found == null ? "the end of the header" : found.toString(), expected);
        }
    }

    private CheckpointException damaged(String what, String found, String expected) {
        return SafetensorsHeader.damaged(file, what, found, expected);
    }
}
