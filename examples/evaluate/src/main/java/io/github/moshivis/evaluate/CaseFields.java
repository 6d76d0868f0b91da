package io.github.moshivis.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Fields of one question in a file. Errors name the line and the field. */
final class CaseFields {
    private static final String ID = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
    private static final String NO_KIND = "other";

    private final String place;
    private final JsonNode entry;
    private final Function<String, Optional<Path>> files;

    /**
     * Creates the fields of an object.
     *
     * @param place the set and the line, for messages
     * @param files resolves file names beside the set; empty if there is no such file
     */
    CaseFields(String place, JsonNode entry, Function<String, Optional<Path>> files) {
        this.place = place;
        this.entry = entry;
        this.files = files;
        if (!entry.isObject()) {
            throw new IllegalArgumentException(place() + ": found "
                    + entry.getNodeType().name().toLowerCase(Locale.ROOT)
                    + ", expected an object such as {\"id\": \"a\", \"sound\": \"a.wav\", \"want\": \"Yes.\"}."
                    + " Correct it");
        }
    }

    /**
     * Reads all fields.
     *
     * @param position number of questions before this one, the default id
     */
    EvaluationCase read(int position) {
        String id = id(position);
        String want = text("want", "").strip();
        if (want.isEmpty()) {
            throw bad("want", "the right answer, a string that is not empty");
        }
        String sound = text("sound", id + ".wav");
        return new EvaluationCase(
                id, text("kind", NO_KIND), text("question", ""), want, present("sound", sound), picture(id), end());
    }

    private String id(int position) {
        JsonNode number = entry.path("i");
        if (!number.isMissingNode() && !(number.canConvertToInt() && number.isIntegralNumber())) {
            throw bad("i", "a whole number");
        }
        String id = text("id", String.format(Locale.ROOT, "%03d", number.asInt(position)));
        if (!id.matches(ID)) {
            throw bad("id", "letters, digits, dots, hyphens and underscores, as it names files");
        }
        return id;
    }

    /** Returns the named picture; else the one beside the sound, unless the field is null. */
    private Optional<Path> picture(String id) {
        if (entry.has("picture")) {
            return entry.get("picture").isNull()
                    ? Optional.empty()
                    : Optional.of(present("picture", text("picture", "")));
        }
        return files.apply(id + ".png");
    }

    private OptionalDouble end() {
        JsonNode end = entry.path("end_s");
        if (end.isMissingNode()) {
            return OptionalDouble.empty();
        }
        if (!end.isNumber() || !(end.asDouble() > 0) || Double.isInfinite(end.asDouble())) {
            throw bad("end_s", "seconds from the start of the sound, a number above 0");
        }
        return OptionalDouble.of(end.asDouble());
    }

    private String text(String field, String absent) {
        JsonNode value = entry.path(field);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw bad(field, "a string");
        }
        return value.asText(absent);
    }

    private Path present(String field, String name) {
        try {
            return files.apply(name)
                    .orElseThrow(() -> new IllegalArgumentException(place() + ", field \"" + field
                            + "\": found no file \"" + name
                            + "\" beside the set, expected one. Correct the name, or add the file"));
        } catch (InvalidPathException e) {
            throw bad(field, "the name of a file");
        }
    }

    private IllegalArgumentException bad(String field, String expected) {
        JsonNode found = entry.path(field);
        return new IllegalArgumentException(place() + ", field \"" + field + "\": found "
                + (found.isMissingNode() ? "nothing" : found) + ", expected " + expected + ". Correct it");
    }

    private String place() {
        return "Cannot read the set " + place;
    }
}
