package io.github.moshivis.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TextStreamTest {
    private static final int FIRST_BYTE = 4;
    private static final int THE = 260;
    private static final int BOAT = 261;
    private static final Vocabulary VOCABULARY = vocabulary("\u2581the", "\u2581bo\u2581at");

    private final TextStream text = new TextStream(VOCABULARY);

    private static Vocabulary vocabulary(String... words) {
        try {
            Path file = Files.createTempFile("spm", ".model");
            try {
                return Vocabulary.read(Files.write(file, SentencePieceFile.withBytePieces(words)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int id(int byteValue) {
        return FIRST_BYTE + (byteValue & 0xff);
    }

    @Test
    void eachPieceIsShownWithSpacesForU2581() {
        assertThat(text.next(THE)).isEqualTo(" the");
        assertThat(text.next(BOAT)).isEqualTo(" bo at");
    }

    @Test
    void onlyThePaddingTokensAreHidden() {
        assertThat(text.next(TextStream.END_OF_PADDING)).isEmpty();
        assertThat(text.next(TextStream.PADDING)).isEmpty();
        assertThat(text.next(1)).isEqualTo("<s>");
        assertThat(text.next(2)).isEqualTo("</s>");
    }

    @Test
    void aCharacterIsShownWithTheByteThatCompletesIt() {
        assertThat(text.next(id(0xe2))).isEmpty();
        assertThat(text.next(id(0x82))).isEmpty();
        assertThat(text.next(id(0xac))).isEqualTo("\u20ac");
        assertThat(text.next(id('a'))).isEqualTo("a");
        assertThat(text.finish()).isEmpty();
    }

    @Test
    void aCharacterOutsideTheBasicPlaneIsShownWhole() {
        assertThat(text.next(id(0xf0)) + text.next(id(0x9f)) + text.next(id(0x98)))
                .isEmpty();
        assertThat(text.next(id(0x80))).isEqualTo("\ud83d\ude00");
    }

    @Test
    void paddingWithinACharacterChangesNothing() {
        assertThat(text.next(id(0xc3)) + text.next(TextStream.PADDING) + text.next(TextStream.END_OF_PADDING))
                .isEmpty();
        assertThat(text.next(id(0xa9))).isEqualTo("\u00e9");
    }

    @Test
    void bytesThatFormNoCharacterBecomeReplacementsOnceNothingCanCompleteThem() {
        assertThat(text.next(id(0x80))).isEqualTo("\ufffd");
        assertThat(text.next(id(0xff))).isEqualTo("\ufffd");
        assertThat(text.next(id(0xe2))).isEmpty();
        assertThat(text.next(id('a'))).isEqualTo("\ufffda");
    }

    @Test
    void anotherPieceEndsAnIncompleteCharacter() {
        text.next(id(0xe2));
        text.next(id(0x82));
        assertThat(text.next(THE)).isEqualTo("\ufffd the");
        assertThat(text.next(id(0xac))).isEqualTo("\ufffd");
    }

    @Test
    void theEndOfTheTalkEndsAnIncompleteCharacter() {
        text.next(id(0xf0));
        text.next(id(0x9f));
        assertThat(text.finish()).isEqualTo("\ufffd");
        assertThat(text.finish()).isEmpty();
        assertThat(text.next(THE)).isEqualTo(" the");
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text.next(VOCABULARY.size()))
                .withMessageContaining("id 262");
    }

    /** Bytes at random, with those that begin and continue characters more often than chance has them. */
    @Provide
    Arbitrary<List<Byte>> bytes() {
        Arbitrary<Byte> any = Arbitraries.bytes();
        Arbitrary<Byte> telling = Arbitraries.of(
                        0x80, 0xbf, 0xa0, 0x9f, 0x90, 0x8f, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5)
                .map(Integer::byteValue);
        return Arbitraries.oneOf(any, telling).list().ofMaxSize(40);
    }

    @Property(tries = 3000, seed = "3")
    void anyBytesReadAsJavaReadsThem(@ForAll("bytes") List<Byte> bytes) {
        TextStream stream = new TextStream(VOCABULARY);
        StringBuilder shown = new StringBuilder();
        byte[] array = new byte[bytes.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = bytes.get(i);
            String piece = stream.next(id(array[i]));
            assertThat(piece.codePoints()).noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
            shown.append(piece);
        }
        shown.append(stream.finish());
        assertThat(shown.toString()).isEqualTo(new String(array, StandardCharsets.UTF_8));
    }

    @Property(seed = "5")
    void anyTextComesBackCharacterByCharacter(@ForAll String any) {
        String wellFormed = new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        TextStream stream = new TextStream(VOCABULARY);
        wellFormed.codePoints().forEach(codePoint -> {
            String character = Character.toString(codePoint);
            byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length - 1; i++) {
                assertThat(stream.next(id(bytes[i]))).isEmpty();
            }
            assertThat(stream.next(id(bytes[bytes.length - 1]))).isEqualTo(character);
        });
        assertThat(stream.finish()).isEmpty();
    }
}
