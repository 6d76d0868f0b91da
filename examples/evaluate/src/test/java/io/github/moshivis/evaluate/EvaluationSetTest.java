package io.github.moshivis.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationSetTest {
    @TempDir
    Path directory;

    @BeforeEach
    void sounds() throws IOException {
        for (String name : new String[] {"000.wav", "001.wav", "a.wav", "001.png", "b.jpg"}) {
            Files.createFile(directory.resolve(name));
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void readsAllFieldsAndTheirDefaults() throws IOException {
        Path file = write(
                "cases.jsonl",
                """
                {"id": "a", "kind": "see", "question": "What is it?", "want": " A cat. ", "picture": "b.jpg", "end_s": 1.25}

                {"i": 1, "want": "Yes.", "scene": [["red", "heart"]]}
                {"i": 0, "want": "No.", "sound": "a.wav", "picture": null}
                """);

        EvaluationSet set = EvaluationSet.read(directory);

        assertThat(set.file()).isEqualTo(file);
        assertThat(set.kinds()).containsExactly("see", "other");
        assertThat(set.cases())
                .containsExactly(
                        new EvaluationCase(
                                "a",
                                "see",
                                "What is it?",
                                "A cat.",
                                directory.resolve("a.wav"),
                                Optional.of(directory.resolve("b.jpg")),
                                OptionalDouble.of(1.25)),
                        new EvaluationCase(
                                "001",
                                "other",
                                "",
                                "Yes.",
                                directory.resolve("001.wav"),
                                Optional.of(directory.resolve("001.png")),
                                OptionalDouble.empty()),
                        new EvaluationCase(
                                "000",
                                "other",
                                "",
                                "No.",
                                directory.resolve("a.wav"),
                                Optional.empty(),
                                OptionalDouble.empty()));
    }

    @Test
    void anArrayIsTheSameAsLines() throws IOException {
        String first = "{\"want\": \"Yes.\"}";
        String second = "{\"want\": \"No.\"}";

        EvaluationSet lines = EvaluationSet.read(write("x.jsonl", first + "\n" + second));
        EvaluationSet array = EvaluationSet.read(write("x.json", "[" + first + ",\n\n" + second + "]\n"));

        assertThat(array.cases()).isEqualTo(lines.cases()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"want\": \"Yes.\"}", "[{\"want\": \"Yes.\"}]"})
    void aByteOrderMarkIsReadOver(String text) throws IOException {
        assertThat(EvaluationSet.read(write("cases.jsonl", "\uFEFF" + text)).cases())
                .singleElement()
                .extracting(EvaluationCase::want)
                .isEqualTo("Yes.");
    }

    @Test
    void theNanoModelsSetIsOne() {
        EvaluationSet set = EvaluationSet.read(Path.of(System.getProperty("nano.eval")));

        assertThat(set.cases())
                .allMatch(each -> each.end().isPresent())
                .anyMatch(each -> each.picture().isEmpty())
                .anyMatch(each -> each.picture().isPresent());
        assertThat(set.kinds()).contains("see", "colour", "count");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                    | field \"want\": found nothing",
                "{\"want\": \"  \"}                    | field \"want\": found \"  \"",
                "{\"want\": 3}                         | field \"want\": found 3, expected a string",
                "{\"want\": \"x\", \"kind\": []}       | field \"kind\": found [], expected a string",
                "{\"want\": \"x\", \"sound\": \"c.wav\"}   | field \"sound\": found no file",
                "{\"want\": \"x\", \"picture\": \"c.png\"} | field \"picture\": found no file",
                "{\"want\": \"x\", \"picture\": 1}     | field \"picture\": found 1",
                "{\"want\": \"x\", \"end_s\": -1}      | field \"end_s\": found -1",
                "{\"want\": \"x\", \"end_s\": \"1\"}   | field \"end_s\": found \"1\"",
                "{\"want\": \"x\", \"i\": 1.5}         | field \"i\": found 1.5, expected a whole number",
                "{\"want\": \"x\", \"id\": \"../a\"}   | field \"id\": found \"../a\"",
                "{\"want\": \"x\", \"id\": \"000\"}    | field \"id\": found \"000\" again, after line 1",
                "{\"want\": \"x\", \"want\": \"y\"}    | found no JSON (Duplicate field 'want'",
                "{\"want\": \"x\"                      | found no JSON",
                "{\"want\": \"x\"} {}                  | found no JSON",
                "3                                     | found number, expected an object",
            })
    void aBadLineIsNamedWithItsField(String line, String message) throws IOException {
        Path file = write("x.jsonl", "{\"want\": \"Yes.\"}\n\n" + line + "\n");

        assertThatThrownBy(() -> EvaluationSet.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(file.toString(), "line 3", message);
    }

    @Test
    void aBadEntryOfAnArrayIsNamedByItsLine() throws IOException {
        Path field = write("x.json", "[{\"want\": \"Yes.\"},\n {\"i\": 1}]");
        assertThatThrownBy(() -> EvaluationSet.read(field)).hasMessageContainingAll("line 2", "field \"want\"");

        Path syntax = write("y.json", "[{\"want\": \"Yes.\"},\n {\"i\": 1");
        assertThatThrownBy(() -> EvaluationSet.read(syntax)).hasMessageContainingAll("line 2", "found no JSON");

        Path rest = write("z.json", "[{\"want\": \"Yes.\"}]\n{}");
        assertThatThrownBy(() -> EvaluationSet.read(rest)).hasMessageContainingAll("line 2", "after the array");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n", "[]"})
    void anEmptySetIsRefused(String text) throws IOException {
        Path file = write("x.jsonl", text);
        assertThatThrownBy(() -> EvaluationSet.read(file)).hasMessageContaining("found no question");
    }

    @Test
    void aModelInThePlaceOfASetIsRefusedUnread() throws IOException {
        Path model = write("model.jsonl", "");
        try (RandomAccessFile sparse = new RandomAccessFile(model.toFile(), "rw")) {
            sparse.setLength(1L << 33);
        }
        assertThatThrownBy(() -> EvaluationSet.read(model))
                .hasMessageContainingAll("model.jsonl", "8589934592 bytes", "expected at most 268435456");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> EvaluationSet.read(directory)).hasMessageContainingAll("cases.jsonl", "no such file");
        assertThatThrownBy(() -> EvaluationSet.read(directory.resolve("none.jsonl")))
                .hasMessageContaining("none.jsonl");
    }
}
