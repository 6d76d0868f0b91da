package io.github.moshivis.text;

import io.github.moshivis.transcript.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The words of one stream of speech to text: tokens with times in, words out. State of one stream; one thread at a time.
 *
 * <p>A piece that begins with a space starts a word, any other continues the word before it, whatever tokens lie between them. A word starts
 * at the last mark (token {@value TextStream#END_OF_PADDING}) before its first piece, and ends at the first mark after its last, or
 * where it is closed. Control pieces make no text. A word is final when the next one starts or it is closed.
 */
public final class WordStream {
    private static final String SPACE = "\u2581";

    private final Vocabulary vocabulary;
    private final TextStream characters;
    private final StringBuilder text = new StringBuilder();
    private boolean open;
    private long number;
    private double mark;
    private double start;
    private double end;
    private double lastStart;

    /**
     * Begins a stream at time 0.
     *
     * @param vocabulary the model's pieces
     */
    public WordStream(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.characters = new TextStream(vocabulary);
    }

    /**
     * Takes the next token.
     *
     * @param token a text token
     * @param time its time in seconds, never less than the one before
     * @return the words that it changed: one that became final, one that began or grew
     */
    public List<Word> next(int token, double time) {
        if (token == TextStream.END_OF_PADDING) {
            mark = time;
            if (open && Double.isNaN(end)) {
                end = time;
            }
            return List.of();
        }
        Vocabulary.Piece piece = vocabulary.piece(token);
        if (token == TextStream.PADDING || !isText(piece.type())) {
            return List.of();
        }
        List<Word> changed = new ArrayList<>();
        if (!open || piece.text().startsWith(SPACE)) {
            changed.addAll(close(time));
            open = true;
            start = Math.max(mark, lastStart);
        }
        text.append(characters.next(token));
        end = Double.NaN;
        if (!shown().isEmpty()) {
            changed.add(word(OptionalDouble.empty(), false));
        }
        return changed;
    }

    private static boolean isText(Vocabulary.Type type) {
        return type == Vocabulary.Type.NORMAL || type == Vocabulary.Type.USER_DEFINED || type == Vocabulary.Type.BYTE;
    }

    /**
     * Closes the open word, at a pause or at the end.
     *
     * @param time the present time in seconds
     * @return the word that became final, if there was one
     */
    public List<Word> close(double time) {
        text.append(characters.finish());
        List<Word> closed = open && !shown().isEmpty()
                ? List.of(word(OptionalDouble.of(Math.max(start, Double.isNaN(end) ? time : end)), true))
                : List.of();
        if (!closed.isEmpty()) {
            number++;
            lastStart = start;
        }
        open = false;
        text.setLength(0);
        return closed;
    }

    /**
     * Tells whether a word has begun that is not final.
     *
     * @return true if so
     */
    public boolean isOpen() {
        return open;
    }

    private String shown() {
        return text.toString().strip();
    }

    private Word word(OptionalDouble until, boolean isFinal) {
        return new Word(number, shown(), start, until, isFinal);
    }
}
