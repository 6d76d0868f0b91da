package io.github.moshivis.train.nano;

import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.text.VocabularyWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/**
 * The vocabulary of the nano model: each word of the answers, with all shapes that can be drawn, is one piece, so that it is said in
 * one frame; letters for the rest. Stateless.
 */
final class NanoVocabulary {
    /** The piece of silence. */
    static final int PADDING = 3;

    private static final String SPACE = "▁";
    private static final float WORD = -4.5f;
    private static final float LETTER = -12;

    /** So many random questions bring every word. */
    private static final int QUESTIONS = 20_000;

    private static final List<Vocabulary.Piece> PIECES = pieces();

    private NanoVocabulary() {}

    /** The number of pieces. */
    static int size() {
        return PIECES.size();
    }

    /** The bytes of a SentencePiece model. */
    static byte[] model() {
        return VocabularyWriter.unigram(PIECES);
    }

    private static List<Vocabulary.Piece> pieces() {
        List<Vocabulary.Piece> pieces = new ArrayList<>();
        pieces.add(new Vocabulary.Piece("<unk>", 0, Vocabulary.Type.UNKNOWN));
        for (String control : List.of("<s>", "</s>", "<pad>")) {
            pieces.add(new Vocabulary.Piece(control, 0, Vocabulary.Type.CONTROL));
        }
        List.of(",", ".", "?", "!").forEach(mark -> pieces.add(normal(mark, WORD)));
        words().forEach(word -> pieces.add(normal(SPACE + word, WORD)));
        pieces.add(normal(SPACE, WORD - 3));
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                .chars()
                .forEach(letter -> pieces.add(normal(Character.toString(letter), LETTER)));
        return List.copyOf(pieces);
    }

    private static Vocabulary.Piece normal(String text, float score) {
        return new Vocabulary.Piece(text, score, Vocabulary.Type.NORMAL);
    }

    private static TreeSet<String> words() {
        TreeSet<String> words = new TreeSet<>();
        Arrays.stream(Figure.values()).map(Figure::word).forEach(words::add);
        Random random = new Random(0);
        for (int i = 0; i < QUESTIONS; i++) {
            Manner manner = i % 2 == 0 ? Manner.USUAL : Manner.BRIEF;
            Optional<Scene> scene = i % 16 == 0 ? Optional.empty() : Optional.of(Scene.random(random));
            for (String word : Exchange.about(scene, manner, random).answer().split(" ")) {
                words.add(word.replaceAll("[,.?!]", ""));
            }
        }
        return words;
    }
}
