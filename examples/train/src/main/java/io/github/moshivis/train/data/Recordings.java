package io.github.moshivis.train.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.filetype.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lists of recordings: jsonl files with an object a line, {@code {"path": "a.wav", "duration": 24.5}}, and {@code "image"} for a picture.
 * Paths are relative to the list. Words stand in a JSON file beside each WAV file: {@code {"alignments": [["word", [0.5, 0.8],
 * "SPEAKER_MAIN"], ...]}}, in seconds.
 *
 * @param sources lists and how often each is drawn from
 */
public record Recordings(List<Source> sources) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The longest recording: a week. */
    private static final int MAX_SECONDS = 7 * 24 * 3600;

    /** The words of a week without a pause are fewer bytes. */
    private static final int MAX_BYTES = 128 << 20;

    /**
     * One list.
     *
     * @param stretches the recordings, cut into stretches
     * @param weight how often it is drawn from, relative to the others
     */
    public record Source(List<Stretch> stretches, double weight) {}

    /**
     * Reads lists.
     *
     * @param sources comma-separated files or directories, each with {@code :weight} or without
     * @param duration seconds of a stretch, the last of a recording may be shorter
     * @param base directory that relative names of lists start from
     * @return the recordings
     * @throws IllegalArgumentException naming the file and line of what is wrong
     */
    public static Recordings read(String sources, double duration, Path base) {
        List<Source> all = new ArrayList<>();
        for (String source : sources.split(",")) {
            if (!source.isBlank()) {
                all.add(source(source.strip(), duration, base));
            }
        }
        if (all.stream().allMatch(source -> source.stretches.isEmpty())) {
            throw new IllegalArgumentException("Cannot train on \"" + sources
                    + "\": found no recording, expected jsonl files with lines such as {\"path\": \"a.wav\", \"duration\":"
                    + " 24.5}");
        }
        return new Recordings(List.copyOf(all));
    }

    private static Source source(String text, double duration, Path base) {
        int colon = text.lastIndexOf(':');
        boolean weighted = colon > 0 && text.substring(colon + 1).matches("[0-9.eE+-]+");
        double weight = weighted ? weight(text, text.substring(colon + 1)) : 1;
        Path path = path(base, weighted ? text.substring(0, colon) : text);
        List<Stretch> stretches = new ArrayList<>();
        for (Path list : lists(path)) {
            readList(list, duration, stretches);
        }
        return new Source(List.copyOf(stretches), weight);
    }

    private static double weight(String source, String text) {
        double weight;
        try {
            weight = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            weight = Double.NaN;
        }
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Cannot draw from \"" + source + "\" with the weight " + text
                    + ": expected a positive number after the colon");
        }
        return weight;
    }

    private static Path path(Path base, String name) {
        try {
            return base.resolve(name);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "Cannot read \"" + name + "\": expected the name of a jsonl file or a directory of them", e);
        }
    }

    private static List<Path> lists(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> file.getFileName().toString().endsWith("jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(path, e);
        } catch (UncheckedIOException e) { // in the midst of a directory
            throw unreadable(path, e.getCause());
        }
    }

    private static IllegalArgumentException unreadable(Path path, IOException e) {
        return new IllegalArgumentException(
                "Cannot read " + path + ": found " + e + ", expected a jsonl file or a directory of them", e);
    }

    private static void readList(Path list, double duration, List<Stretch> stretches) {
        List<String> lines;
        try {
            lines = WholeFile.text(list, MAX_BYTES)
                    .orElseThrow(() -> tooLong(list))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw unreadable(list, e);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                addLine(list, i + 1, lines.get(i), duration, stretches);
            }
        }
    }

    private static IllegalArgumentException tooLong(Path file) {
        return new IllegalArgumentException("Cannot read " + file + ": found more than " + MAX_BYTES
                + " bytes, expected at most " + MAX_BYTES + ". Check that it is the right file, or divide it");
    }

    private static void addLine(Path list, int number, String line, double duration, List<Stretch> stretches) {
        JsonNode entry;
        try {
            entry = JSON.readTree(line);
        } catch (IOException e) {
            throw wrong(list, number, line);
        }
        if (!entry.path("path").isTextual() || !entry.path("duration").isNumber()) {
            throw wrong(list, number, line);
        }
        double length = entry.get("duration").doubleValue();
        if (!(length >= 0 && length <= MAX_SECONDS)) {
            throw wrong(list, number, line);
        }
        Path base = list.toAbsolutePath().getParent();
        try {
            Path sound = base.resolve(entry.get("path").textValue());
            Optional<Path> image =
                    Optional.ofNullable(entry.path("image").textValue()).map(base::resolve);
            for (double start = 0; start < length; start += duration) {
                stretches.add(new Stretch(sound, start, image));
            }
        } catch (InvalidPathException e) {
            throw wrong(list, number, line);
        }
    }

    private static IllegalArgumentException wrong(Path list, int number, String line) {
        return new IllegalArgumentException("Cannot use line " + number + " of " + list + ": found " + line
                + ", expected an object such as {\"path\": \"a.wav\", \"duration\": 24.5, \"image\": \"a.png\"}, with a"
                + " duration of 0 to " + MAX_SECONDS + " seconds");
    }

    /** The words of a stretch, in its own time, by start; only the voice that is learned. */
    static List<Word> words(Stretch stretch, double duration) {
        Path file = stretch.words();
        List<Word> words = new ArrayList<>();
        try (JsonParser parser =
                JSON.createParser(WholeFile.bytes(file, MAX_BYTES).orElseThrow(() -> tooLong(file)))) {
            toAlignments(parser, file);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                Word word = word(JSON.readTree(parser), file);
                boolean inside = word.start() >= stretch.start() && word.start() < stretch.start() + duration;
                if (inside && word.start() < word.end() && word.speaker().equals(Word.MAIN)) {
                    words.add(word.earlierBy(stretch.start()));
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read the words of " + stretch.sound() + ": found " + e + ", expected " + file
                            + " with \"alignments\"",
                    e);
        }
        words.sort((a, b) -> Double.compare(a.start(), b.start()));
        return words;
    }

    /** Moves to the beginning of the list, one entry of which is in memory at a time. */
    private static void toAlignments(JsonParser parser, Path file) throws IOException {
        boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
        while (isObject && parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isList = parser.currentName().equals("alignments");
            JsonToken value = parser.nextToken();
            if (isList && value == JsonToken.START_ARRAY) {
                return;
            }
            parser.skipChildren();
        }
        throw new IllegalArgumentException(
                "Cannot use " + file + ": found no \"alignments\", expected a list of [word, [start, end], speaker]");
    }

    private static Word word(JsonNode entry, Path file) {
        JsonNode times = entry.path(1);
        if (!entry.path(0).isTextual()
                || !times.path(0).isNumber()
                || !times.path(1).isNumber()) {
            throw new IllegalArgumentException("Cannot use an alignment in " + file + ": found " + entry
                    + ", expected [\"word\", [start, end], \"" + Word.MAIN + "\"]");
        }
        return new Word(
                entry.get(0).textValue(),
                times.get(0).doubleValue(),
                times.get(1).doubleValue(),
                entry.path(2).asText(Word.MAIN));
    }
}
