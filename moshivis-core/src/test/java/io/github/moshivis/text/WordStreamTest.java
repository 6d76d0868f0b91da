package io.github.moshivis.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.transcript.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words and times by the rule of {@link WordStream}; tokens come 0.1 s apart. */
class WordStreamTest {
    private static final int MARK = 0;
    private static final int PAD = 3;
    private static final int FIRST_BYTE = 4;
    private static final int THE = 260;
    private static final int BOA = 261;
    private static final int T = 262;
    private static final int FULL_STOP = 263;
    private static final int SPACE = 264;

    @TempDir
    Path scratch;

    private WordStream stream;
    private Vocabulary vocabulary;
    private final List<Word> changed = new ArrayList<>();
    private int tokens;

    @BeforeEach
    void begin() throws IOException {
        Path file = scratch.resolve("pieces.model");
        Files.write(file, SentencePieceFile.withBytePieces("\u2581the", "\u2581boa", "t", ".", "\u2581"));
        vocabulary = Vocabulary.read(file);
        stream = new WordStream(vocabulary);
    }

    private void hear(int... next) {
        for (int token : next) {
            changed.addAll(stream.next(token, tokens++ / 10.0));
        }
    }

    private List<Word> finalWords() {
        return changed.stream().filter(Word::isFinal).toList();
    }

    private void close() {
        changed.addAll(stream.close(tokens / 10.0));
    }

    @Test
    void wordStartsAtTheMarkBeforeAndEndsAtTheMarkAfter() {
        hear(PAD, MARK, THE, PAD, MARK, PAD, PAD);
        close();
        assertThat(finalWords()).containsExactly(new Word(0, "the", 0.1, OptionalDouble.of(0.4), true));
    }

    @Test
    void wordGrowsAndNothingOfItChanges() {
        hear(MARK, BOA, T, FULL_STOP);
        assertThat(changed).extracting(Word::text).containsExactly("boa", "boat", "boat.");
        assertThat(changed).allMatch(word -> !word.isFinal() && word.end().isEmpty());
        close();
        assertThat(finalWords()).extracting(Word::text).containsExactly("boat.");
    }

    @Test
    void piecesWithoutASpaceBelongToTheWordBeforeOverPaddingAndMarks() {
        hear(MARK, BOA, PAD, MARK, T, PAD, MARK);
        close();
        assertThat(finalWords()).containsExactly(new Word(0, "boat", 0.0, OptionalDouble.of(0.6), true));
    }

    @Test
    void nextWordMakesTheOneBeforeFinal() {
        hear(MARK, THE, BOA);
        assertThat(changed).extracting(Word::isFinal).containsExactly(false, true, false);
        assertThat(changed).extracting(Word::number).containsExactly(0L, 0L, 1L);
        close();
        assertThat(finalWords()).extracting(Word::start).containsExactly(0.0, 0.0);
        assertThat(finalWords()).extracting(Word::end).containsExactly(OptionalDouble.of(0.2), OptionalDouble.of(0.3));
    }

    @Test
    void lastWordEndsWhereItIsClosed() {
        hear(MARK, THE, PAD);
        close();
        assertThat(finalWords()).extracting(Word::end).containsExactly(OptionalDouble.of(0.3));
        close();
        assertThat(finalWords()).hasSize(1);
    }

    @Test
    void controlPiecesAndEmptyTextsMakeNoWord() {
        hear(MARK, 1, 2, SPACE, MARK, THE);
        close();
        assertThat(finalWords()).containsExactly(new Word(0, "the", 0.4, OptionalDouble.of(0.6), true));
    }

    @Test
    void charactersOfSeveralTokensShowWhenTheyAreWhole() {
        hear(MARK, THE, FIRST_BYTE + 0xC3, FIRST_BYTE + 0xA9);
        assertThat(changed).extracting(Word::text).containsExactly("the", "the", "the\u00e9");
        hear(FIRST_BYTE + 0xC3);
        close();
        assertThat(finalWords()).extracting(Word::text).containsExactly("the\u00e9\ufffd");
    }

    @Test
    void tokensAreDecodedAsSentencePieceDoes() {
        assertThat(vocabulary.decode(1, THE, SPACE, BOA, T)).isEqualTo("the  boat");
        assertThat(vocabulary.decode(1)).isEmpty();
        assertThat(vocabulary.decode()).isEmpty();
    }
}
