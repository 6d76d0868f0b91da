package io.github.moshivis.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Fields of one question in a file. Errors name the line and the field. */
final class CaseFields {
    private static final String ID = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
    private static final String NO_KIND = "other";

    private final Path file;
    private final long line;
    private final JsonNode entry;

    CaseFields(Path file, long line, JsonNode entry) {
        this.file = file;
        this.line = line;
        this.entry = entry;
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
     * @param position the number of questions before this one, which names it if nothing else does
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

    /** The picture that is named; else the one beside the sound, unless the field is null. */
    private Optional<Path> picture(String id) {
        if (entry.has("picture")) {
            return entry.get("picture").isNull()
                    ? Optional.empty()
                    : Optional.of(present("picture", text("picture", "")));
        }
        return Optional.of(file.resolveSibling(id + ".png")).filter(Files::isRegularFile);
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
            Path found = file.resolveSibling(name);
            if (Files.isRegularFile(found)) {
                return found;
            }
            throw new IllegalArgumentException(place() + ", field \"" + field + "\": found no file "
                    + found.toAbsolutePath() + ", expected one. Correct the name, or add the file");
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
        return "Cannot read the set " + file.toAbsolutePath() + ": line " + line;
    }
}
