package io.github.moshivis.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.text.Vocabulary.Piece;
import io.github.moshivis.text.Vocabulary.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomVocabularyTest {
    @ParameterizedTest
    @ValueSource(ints = {261, 320, 32_000})
    void hasTheSpecialPiecesAllBytesAndDistinctWords(int size, @TempDir Path scratch) throws IOException {
        Path file = Files.write(scratch.resolve("pieces.model"), RandomVocabulary.model(size));
        Vocabulary pieces = Vocabulary.read(file);
        assertThat(pieces.size()).isEqualTo(size);
        assertThat(pieces.piece(0)).isEqualTo(new Piece("<unk>", 0, Type.UNKNOWN));
        assertThat(pieces.piece(1)).isEqualTo(new Piece("<s>", 0, Type.CONTROL));
        assertThat(pieces.piece(2)).isEqualTo(new Piece("</s>", 0, Type.CONTROL));
        assertThat(pieces.piece(3)).isEqualTo(new Piece("<pad>", 0, Type.CONTROL));
        for (int b = 0; b < 256; b++) {
            assertThat(pieces.piece(4 + b).type()).isEqualTo(Type.BYTE);
            assertThat(pieces.piece(4 + b).byteValue()).isEqualTo((byte) b);
        }
        assertThat(pieces.piece(260).text()).isEqualTo("▁the");
        assertThat(IntStream.range(260, size).mapToObj(id -> pieces.piece(id).text()))
                .allMatch(text -> text.matches("▁[a-z]+"))
                .doesNotHaveDuplicates();
    }
}
