package io.github.moshivis.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes SentencePiece models as {@code sentencepiece_model.proto} of google/sentencepiece says. Stateless. */
public final class VocabularyWriter {
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /** Of unknown, beginning, end and padding ({@code unk_id} and so on), which are the first pieces. */
    private static final int FIRST_SPECIAL_FIELD = 40;

    private static final int SPECIAL = 4;

    private VocabularyWriter() {}

    /**
     * A unigram model that takes text as it is.
     *
     * @param pieces by id; the first four are unknown, beginning, end and padding
     * @return a {@code ModelProto}
     */
    public static byte[] unigram(List<Vocabulary.Piece> pieces) {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        pieces.forEach(piece -> field(model, 1, piece(piece)));
        field(model, 2, trainer(pieces));
        field(model, 3, normalizer());
        return model.toByteArray();
    }

    /** {@code ModelProto.SentencePiece}. */
    private static byte[] piece(Vocabulary.Piece piece) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        field(message, 1, piece.text().getBytes(StandardCharsets.UTF_8));
        tag(message, 2, FIXED32);
        message.writeBytes(ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(piece.score())
                .array());
        if (piece.type() != Vocabulary.Type.NORMAL) {
            field(message, 3, piece.type().ordinal() + 1);
        }
        return message.toByteArray();
    }

    /** {@code TrainerSpec}: the parameters of training that a reader needs. */
    private static byte[] trainer(List<Vocabulary.Piece> pieces) {
        ByteArrayOutputStream trainer = new ByteArrayOutputStream();
        field(trainer, 3, 1); // model_type: unigram
        field(trainer, 4, pieces.size()); // vocab_size
        boolean bytes = pieces.stream().anyMatch(piece -> piece.type() == Vocabulary.Type.BYTE);
        field(trainer, 35, bytes ? 1 : 0); // byte_fallback
        for (int id = 0; id < SPECIAL; id++) {
            field(trainer, FIRST_SPECIAL_FIELD + id, id);
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
