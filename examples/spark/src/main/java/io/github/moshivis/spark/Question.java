package io.github.moshivis.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A question of a set, not parsed yet.
 *
 * @param json its JSON text
 * @param set the file, a Hadoop path
 * @param number the line, or the place in an array, from 1
 * @param position questions before it
 */
record Question(String json, String set, int number, int position) implements Serializable {
    /** Some million questions; the driver reads them at once. */
    private static final long MAX_BYTES = 256L << 20;

    private static final List<String> NAMES = List.of("cases.jsonl", "cases.json");

    /**
     * Returns the questions of a set.
     *
     * @param path JSONL or one JSON array, or a directory with {@code cases.jsonl} or {@code cases.json}
     * @throws IllegalArgumentException if there is none, or an array is no JSON
     */
    static List<Question> of(String path, Configuration configuration) {
        try {
            Path given = new Path(path);
            FileSystem files = given.getFileSystem(configuration);
            Path file = given;
            for (int i = NAMES.size() - 1; i >= 0; i--) {
                Path inside = new Path(given, NAMES.get(i));
                file = files.exists(inside) ? inside : file;
            }
            if (!files.exists(file) || !files.getFileStatus(file).isFile()) {
                throw new IllegalArgumentException("Cannot read the set " + path
                        + ": found no such file, expected JSONL, a JSON array, or a directory with " + NAMES.get(0)
                        + " or " + NAMES.get(1) + ". Check the path");
            }
            if (files.getFileStatus(file).getLen() > MAX_BYTES) {
                throw new IllegalArgumentException("Cannot read the set " + path + ": found "
                        + files.getFileStatus(file).getLen() + " bytes, expected at most " + MAX_BYTES
                        + ". Check that it is the right file, or divide it");
            }
            String text;
            try (var in = files.open(file)) {
                text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "");
            }
            String name = file.toString();
            return text.stripLeading().startsWith("[") ? array(text, name) : lines(text, name);
        } catch (IOException e) {
            throw new UncheckedIOException("The set " + path + " cannot be read", e);
        }
    }

    private static List<Question> array(String text, String set) throws IOException {
        List<Question> questions = new ArrayList<>();
        for (JsonNode entry : new ObjectMapper().readTree(text)) {
            questions.add(new Question(entry.toString(), set, questions.size() + 1, questions.size()));
        }
        return questions;
    }

    private static List<Question> lines(String text, String set) {
        List<Question> questions = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                questions.add(new Question(lines.get(i), set, i + 1, questions.size()));
            }
        }
        return questions;
    }
}
