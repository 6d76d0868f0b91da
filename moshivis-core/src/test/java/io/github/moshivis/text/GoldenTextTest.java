package io.github.moshivis.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end-to-end golden set: its tokenizer's pieces, and the text of its two runs. */
class GoldenTextTest {
    private static final Path E2E = Path.of(System.getProperty("golden.dir"), "e2e");

    private Vocabulary vocabulary;

    @BeforeEach
    void readVocabulary() throws IOException {
        try (var files = Files.newDirectoryStream(E2E.resolve("model"), "tokenizer_spm_*.model")) {
            vocabulary = Vocabulary.read(files.iterator().next());
        }
    }

    private static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(E2E.resolve(name).toFile());
    }

    @Test
    void thePiecesAreThoseOfTheReference() throws IOException {
        JsonNode expected = json("expected_tokenizer.json");
        assertThat(vocabulary.size()).isEqualTo(expected.get("vocab_size").intValue());
        List<String> pieces = StreamSupport.stream(expected.get("pieces").spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
        for (int id = 0; id < vocabulary.size(); id++) {
            assertThat(vocabulary.piece(id).text()).as("piece %d", id).isEqualTo(pieces.get(id));
        }
        assertThat(vocabulary.piece(0).type()).isEqualTo(Vocabulary.Type.UNKNOWN);
        assertThat(vocabulary.piece(TextStream.PADDING).type()).isEqualTo(Vocabulary.Type.CONTROL);
    }

    @Test
    void encodedTextComesBack() throws IOException {
        int checked = 0;
        for (var encoding : json("expected_tokenizer.json").get("encode").properties()) {
            List<Integer> ids = StreamSupport.stream(encoding.getValue().spliterator(), false)
                    .map(JsonNode::intValue)
                    .toList();
            if (!ids.contains(TextStream.END_OF_PADDING)) { // 0 is also what has no piece
                assertThat(show(ids)).isEqualTo(" " + encoding.getKey());
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void eachMessageShowsTheTextOfItsToken(int start) throws IOException {
        JsonNode expected = json("expected_text_xa_start" + start + ".json");
        TextStream text = new TextStream(vocabulary);
        StringBuilder all = new StringBuilder();
        for (JsonNode message : expected.get("messages")) {
            int token = message.get("token").intValue();
            assertThat(vocabulary.piece(token).text())
                    .isEqualTo(message.get("piece").textValue());
            String shown = text.next(token);
            assertThat(shown).isEqualTo(message.get("text").textValue());
            all.append(shown);
        }
        all.append(text.finish());
        assertThat(all.toString()).isEqualTo(expected.get("text").textValue());
    }

    private String show(List<Integer> ids) {
        TextStream text = new TextStream(vocabulary);
        StringBuilder shown = new StringBuilder();
        ids.forEach(id -> shown.append(text.next(id)));
        return shown.append(text.finish()).toString();
    }
}
