package io.github.moshivis.checkpoint;

import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.text.VocabularyWriter;
import java.util.stream.IntStream;

/**
 * A SentencePiece model with a wanted number of pieces: the four special ones, the 256 bytes, then words, the first of them English
 * and the others made of syllables.
 */
final class RandomVocabulary {
    /** Pieces that every vocabulary has. */
    static final int FIXED_PIECES = 4 + 256;

    private static final String[] SPECIAL = {"<unk>", "<s>", "</s>", "<pad>"};
    private static final String[] WORDS =
            ("the of and to a in is it you that he was for on are with as they be at one have this"
                            + " from or had by not but what some we can out other were all there when up use your how said an each she"
                            + " which do their time if will way about many then them")
                    .split(" ");
    private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

    private RandomVocabulary() {}

    /**
     * The file's bytes.
     *
     * @param pieces how many, more than {@link #FIXED_PIECES}
     * @return a {@code ModelProto}
     */
    static byte[] model(int pieces) {
        return VocabularyWriter.unigram(
                IntStream.range(0, pieces).mapToObj(RandomVocabulary::piece).toList());
    }

    private static Vocabulary.Piece piece(int id) {
        if (id < SPECIAL.length) {
            return new Vocabulary.Piece(SPECIAL[id], 0, id == 0 ? Vocabulary.Type.UNKNOWN : Vocabulary.Type.CONTROL);
        }
        if (id < FIXED_PIECES) {
            return new Vocabulary.Piece(String.format("<0x%02X>", id - SPECIAL.length), 0, Vocabulary.Type.BYTE);
        }
        int word = id - FIXED_PIECES;
        // Rarer with each piece, as where pieces are sorted by frequency.
        return new Vocabulary.Piece("▁" + word(word), -4 - word / 4096f, Vocabulary.Type.NORMAL);
    }

    private static String word(int index) {
        return index < WORDS.length ? WORDS[index] : syllables(index - WORDS.length);
    }

    /** Three syllables or more: no English word of two is among them. */
    private static String syllables(int index) {
        StringBuilder word = new StringBuilder();
        int rest = index;
        while (word.length() < 6 || rest > 0) {
            int syllable = rest % SYLLABLES;
            word.append(CONSONANTS.charAt(syllable / VOWELS.length()));
            word.append(VOWELS.charAt(syllable % VOWELS.length()));
            rest /= SYLLABLES;
        }
        return word.toString();
    }
}
