package io.github.moshivis.evaluate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Questions with their correct answers, read from a file: JSONL, one object a line, or one JSON array of the same objects. Immutable.
 *
 * @param file the file
 * @param cases the questions in the order of the file, at least one, each with an {@code id} of its own
 */
public record EvaluationSet(Path file, List<EvaluationCase> cases) {
    /** Names of the file in a directory that holds a set. */
    private static final List<String> NAMES = List.of("cases.jsonl", "cases.json");

    /** Some million questions. */
    private static final long MAX_BYTES = 256L << 20;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final ObjectReader ENTRY = JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Creates a set. */
    public EvaluationSet {
        cases = List.copyOf(cases);
    }

    /**
     * Reads a set.
     *
     * @param path the file, or a directory with {@code cases.jsonl} or {@code cases.json}; names of sounds and pictures in it are relative
     *     to its folder
     * @return the set
     * @throws IllegalArgumentException naming line and field, if the file holds anything else than questions, or names a sound or picture
     *     that is not there
     * @throws UncheckedIOException if the file cannot be read
     */
    public static EvaluationSet read(Path path) {
        Path file = file(path);
        try {
            List<EvaluationCase> cases = parse(file);
            if (cases.isEmpty()) {
                throw new IllegalArgumentException("Cannot read the set " + file.toAbsolutePath()
                        + ": found no question, expected a JSON object in each line. Write one");
            }
            return new EvaluationSet(file, cases);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(
                    "Cannot read the set " + file.toAbsolutePath()
                            + ": found bytes that are no UTF-8, expected JSON in UTF-8. Convert it",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("The set " + file.toAbsolutePath() + " cannot be read", e);
        }
    }

    /**
     * Reads one question, for programs that read sets in another way.
     *
     * @param json the question's object
     * @param place the set and the line, for messages
     * @param position the number of questions before this one, which names it if nothing else does
     * @param files the local file of a name beside the set; empty if there is none
     * @return the question
     * @throws IllegalArgumentException as {@link #read}
     */
    public static EvaluationCase question(
            String json, String place, int position, Function<String, Optional<Path>> files) {
        try {
            return new CaseFields(place, JSON.readTree(json), files).read(position);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot read the set " + place + ": found no JSON (" + e.getOriginalMessage()
                            + "), expected an object. Correct it",
                    e);
        }
    }

    private static Path file(Path path) {
        Path file = !Files.isDirectory(path)
                ? path
                : NAMES.stream()
                        .map(path::resolve)
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(path.resolve(NAMES.get(0)));
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("Cannot read the set " + file.toAbsolutePath()
                    + ": found no such file, expected JSONL, a JSON array, or a directory with " + NAMES.get(0) + " or "
                    + NAMES.get(1) + ". Check the path");
        }
        return file;
    }

    private static List<EvaluationCase> parse(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException("Cannot read the set " + file.toAbsolutePath() + ": found "
                    + Files.size(file) + " bytes, expected at most " + MAX_BYTES
                    + ". Check that it is the right file, or divide it");
        }
        String text = Files.readString(file).replaceFirst("^\uFEFF", ""); // a byte order mark is no part of JSON
        Reader reader = new Reader(file);
        return text.stripLeading().startsWith("[") ? reader.array(text) : reader.lines(text);
    }

    /** One reading of a file. */
    private static final class Reader {
        private final Path file;
        private final List<EvaluationCase> cases = new ArrayList<>();
        /** Line of each id; files of some systems do not tell upper case from lower. */
        private final Map<String, Long> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

        Reader(Path file) {
            this.file = file;
        }

        List<EvaluationCase> lines(String text) {
            List<String> all = text.lines().toList();
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).isBlank()) {
                    try {
                        add(JSON.readTree(all.get(i)), i + 1);
                    } catch (JsonProcessingException e) {
                        throw noJson(i + 1, e);
                    }
                }
            }
            return cases;
        }

        List<EvaluationCase> array(String text) throws IOException {
            try (JsonParser parser = JSON.createParser(text)) {
                parser.nextToken();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    long line = parser.currentTokenLocation().getLineNr();
                    add(ENTRY.readTree(parser), line);
                }
                if (parser.nextToken() != null) {
                    throw new IllegalArgumentException("Cannot read the set " + file.toAbsolutePath() + ": found "
                            + parser.currentToken() + " in line "
                            + parser.currentTokenLocation().getLineNr()
                            + " after the array, expected its end. Put all questions into one array");
                }
            } catch (JsonProcessingException e) {
                throw noJson(e.getLocation() == null ? 0 : e.getLocation().getLineNr(), e);
            }
            return cases;
        }

        private void add(JsonNode entry, long line) {
            EvaluationCase read =
                    new CaseFields(file.toAbsolutePath() + ": line " + line, entry, this::beside).read(cases.size());
            Long before = lines.putIfAbsent(read.id(), line);
            if (before != null) {
                throw new IllegalArgumentException("Cannot read the set " + file.toAbsolutePath() + ": line " + line
                        + ", field \"id\": found \"" + read.id() + "\" again, after line " + before
                        + ", expected a name of its own. Change one of them");
            }
            cases.add(read);
        }

        private Optional<Path> beside(String name) {
            return Optional.of(file.resolveSibling(name)).filter(Files::isRegularFile);
        }

        private IllegalArgumentException noJson(long line, JsonProcessingException cause) {
            return new IllegalArgumentException(
                    "Cannot read the set " + file.toAbsolutePath() + ": line " + line + ": found no JSON ("
                            + cause.getOriginalMessage().lines().findFirst().orElse("")
                            + "), expected one object a line, or one array of objects. Correct it",
                    cause);
        }
    }

    /**
     * Returns the kinds of questions.
     *
     * @return all kinds, in the order of their first question
     */
    public List<String> kinds() {
        return cases.stream().map(EvaluationCase::kind).distinct().toList();
    }
}
