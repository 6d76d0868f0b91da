package io.github.moshivis.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Text to token ids, as SentencePiece encodes it: without marks of beginning and end. Characters without a piece become byte pieces where
 * the model has them, else one unknown piece for each run of them. Immutable; any number of threads may share one.
 *
 * <p>Follows {@code unigram_model.cc}, {@code bpe_model.cc} and {@code sentencepiece_processor.cc} of google/sentencepiece.
 */
public final class TextEncoder {
    /** Pieces that can be matched in a text, by text. */
    final Map<String, Integer> ids = new HashMap<>();

    /** The longest of them, in UTF-16 units. */
    final int maxLength;

    private final Vocabulary vocabulary;
    private final TextNormalizer normalizer;
    private final Segmenter segmenter;
    private final boolean byteFallback;
    private final int unknown;
    private final int[] bytes = new int[256];

    /** The search for the pieces of a normalized text; pieces without an id may be part of the result. */
    interface Segmenter {
        List<String> pieces(String text);
    }

    TextEncoder(Vocabulary vocabulary, TokenizerSpec spec, TextNormalizer normalizer) {
        this.vocabulary = vocabulary;
        this.normalizer = normalizer;
        int longest = 1;
        int unknownId = -1;
        int bytePieces = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            Vocabulary.Piece piece = vocabulary.piece(id);
            switch (piece.type()) {
                case NORMAL, USER_DEFINED -> {
                    ids.put(piece.text(), id);
                    longest = Math.max(longest, piece.text().length());
                }
                case UNKNOWN -> unknownId = id;
                case BYTE -> {
                    bytes[piece.byteValue() & 0xFF] = id;
                    bytePieces++;
                }
                case CONTROL, UNUSED -> {}
            }
        }
        this.maxLength = longest;
        this.unknown = unknownId;
        this.byteFallback = spec.byteFallback() && bytePieces == bytes.length;
        this.segmenter = switch (spec.algorithm()) {
            case UNIGRAM -> new UnigramSegmenter(this);
            case BPE -> new BpeSegmenter(this);
            case WORD, CHAR ->
                throw new IllegalStateException("Cannot encode text: found a SentencePiece model of type "
                        + spec.algorithm() + ", expected UNIGRAM or BPE; use the model's own tokenizer file");
        };
    }

    /**
     * The token ids of a text.
     *
     * @param text any text
     * @return its tokens; none for a text without content
     * @throws IllegalArgumentException if a character has no piece and the model has no unknown piece
     */
    public int[] encode(String text) {
        List<Integer> tokens = new ArrayList<>();
        boolean afterUnknown = false;
        for (String piece : segmenter.pieces(normalizer.normalize(text))) {
            Integer id = ids.get(piece);
            if (id != null) {
                tokens.add(id);
            } else if (byteFallback) {
                for (byte each : piece.getBytes(StandardCharsets.UTF_8)) {
                    tokens.add(bytes[each & 0xFF]);
                }
            } else if (!afterUnknown) {
                tokens.add(unknownId(piece));
            }
            afterUnknown = id == null;
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    private int unknownId(String piece) {
        if (unknown < 0) {
            throw new IllegalArgumentException(
                    "Cannot encode \"" + piece + "\": found no piece for it, and the vocabulary has"
                            + " no unknown piece; leave the character out");
        }
        return unknown;
    }

    Vocabulary.Piece piece(int id) {
        return vocabulary.piece(id);
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }
}
