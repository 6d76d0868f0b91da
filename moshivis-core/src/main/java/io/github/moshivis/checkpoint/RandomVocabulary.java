package io.github.moshivis.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A SentencePiece model with a wanted number of pieces: the four special ones, the 256 bytes, then words, the first of them English
 * and the others made of syllables. Written as {@code sentencepiece_model.proto} of google/sentencepiece says.
 */
final class RandomVocabulary {
    /** Pieces that every vocabulary has. */
    static final int FIXED_PIECES = 4 + 256;

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private static final String[] SPECIAL = {"<unk>", "<s>", "</s>", "<pad>"};
    private static final String[] WORDS =
            ("the of and to a in is it you that he was for on are with as they be at one have this"
                            + " from or had by not but what some we can out other were all there when up use your how said an each she"
                            + " which do their time if will way about many then them")
                    .split(" ");
    private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private RandomVocabulary() {}

    /**
     * The file's bytes.
     *
     * @param pieces how many, more than {@link #FIXED_PIECES}
     * @return a {@code ModelProto}
     */
    static byte[] model(int pieces) {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        for (int id = 0; id < pieces; id++) {
            field(model, 1, piece(id));
        }
        field(model, 2, trainer(pieces));
        field(model, 3, normalizer());
        return model.toByteArray();
    }

    private static byte[] piece(int id) {
        if (id < SPECIAL.length) {
            return piece(SPECIAL[id], 0, id == 0 ? UNKNOWN : CONTROL);
        }
        if (id < FIXED_PIECES) {
            return piece(String.format("<0x%02X>", id - SPECIAL.length), 0, BYTE);
        }
        int word = id - FIXED_PIECES;
        // Rarer with each piece, as where pieces are sorted by frequency.
        return piece("▁" + word(word), -4 - word / 4096f, NORMAL);
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

    /** {@code ModelProto.SentencePiece}. */
    private static byte[] piece(String text, float score, int type) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        field(piece, 1, text.getBytes(StandardCharsets.UTF_8));
        tag(piece, 2, FIXED32);
        piece.writeBytes(ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(score)
                .array());
        if (type != NORMAL) {
            field(piece, 3, type);
        }
        return piece.toByteArray();
    }

    /** {@code TrainerSpec}: what a reader needs to know of how the pieces came about. */
    private static byte[] trainer(int pieces) {
        ByteArrayOutputStream trainer = new ByteArrayOutputStream();
        field(trainer, 3, 1); // model_type: unigram
        field(trainer, 4, pieces); // vocab_size
        field(trainer, 35, 1); // byte_fallback
        for (int id = 0; id < SPECIAL.length; id++) {
            field(trainer, 40 + id, id); // unk_id, bos_id, eos_id, pad_id
        }
        return trainer.toByteArray();
    }

    /** {@code NormalizerSpec}: text is taken as it is. */
    private static byte[] normalizer() {
        ByteArrayOutputStream normalizer = new ByteArrayOutputStream();
        field(normalizer, 1, "identity".getBytes(StandardCharsets.UTF_8));
        return normalizer.toByteArray();
    }

    private static void field(ByteArrayOutputStream message, int number, byte[] value) {
        tag(message, number, BYTES);
        varint(message, value.length);
        message.writeBytes(value);
    }

    private static void field(ByteArrayOutputStream message, int number, int value) {
        tag(message, number, VARINT);
        varint(message, value);
    }

    private static void tag(ByteArrayOutputStream message, int number, int wireType) {
        varint(message, number << 3 | wireType);
    }

    private static void varint(ByteArrayOutputStream message, int value) {
        int rest = value;
        while (rest >= 0x80) {
            message.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        message.write(rest);
    }
}
