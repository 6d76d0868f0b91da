package io.github.moshivis.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The text of one conversation: text tokens in, readable text out, never half a character. State of one conversation; one thread
 * at a time.
 *
 * <p>The tokens 0 and 3 are hidden, every other piece shows as it is, U+2581 as a space. Byte pieces are joined: a character
 * shows with the token that completes it, hidden tokens in between change nothing. Bytes that form no character become U+FFFD, as many
 * as {@code new String(bytes, UTF_8)} makes of them, as soon as no further byte can change that: with the next byte, with the next
 * piece of another kind, or at {@link #finish}.
 *
 * <p>Follows the text path of {@code kyuteye_pt/kyuteye/server.py}, with one difference: the reference shows a byte piece as its name,
 * {@code <0xE2>}.
 */
public final class TextStream {
    /** The token of the last step before a word (the reference's "end of padding"). */
    public static final int END_OF_PADDING = 0;

    /** The token of silence. */
    public static final int PADDING = 3;

    /** Stands for a space in a piece. */
    private static final char WORD_START = '\u2581';

    /** A UTF-8 character has at most this many bytes. */
    private static final int MAX_CHARACTER_BYTES = 4;

    private final Vocabulary vocabulary;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer incomplete = ByteBuffer.allocate(MAX_CHARACTER_BYTES);
    private final CharBuffer characters = CharBuffer.allocate(MAX_CHARACTER_BYTES);

    /**
     * Begins a text.
     *
     * @param vocabulary the model's pieces
     */
    public TextStream(Vocabulary vocabulary) {
        this.vocabulary = Objects.requireNonNull(vocabulary, "vocabulary");
    }

    /**
     * The text that one token adds.
     *
     * @param id a text token
     * @return the text to show; "" for none
     * @throws IllegalArgumentException if the vocabulary has no such piece
     */
    public String next(int id) {
        if (id == END_OF_PADDING || id == PADDING) {
            return "";
        }
        Vocabulary.Piece piece = vocabulary.piece(id);
        if (piece.type() == Vocabulary.Type.BYTE) {
            incomplete.put(piece.byteValue());
            return decode(false);
        }
        return finish() + piece.text().replace(WORD_START, ' ');
    }

    /**
     * Ends the text. The next token starts a new text.
     *
     * @return U+FFFD if the last character is incomplete, otherwise ""
     */
    public String finish() {
        return decode(true);
    }

    /** Decodes what can be decoded and keeps the rest, which is a beginning of a character, at the front of the buffer. */
    private String decode(boolean atEnd) {
        incomplete.flip();
        decoder.decode(incomplete, characters, atEnd);
        incomplete.compact();
        if (atEnd) {
            decoder.flush(characters);
            decoder.reset();
        }
        String text = characters.flip().toString();
        characters.clear();
        return text;
    }
}
