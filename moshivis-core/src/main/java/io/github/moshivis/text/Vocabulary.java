package io.github.moshivis.text;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.filetype.ModelFileType;
import io.github.moshivis.filetype.WholeFile;
import io.github.moshivis.text.ProtobufFields.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The pieces of a SentencePiece model, by id, and its {@link #encoder} of texts. Immutable; any number of threads may share one.
 *
 * <p>Follows {@code sentencepiece_model.proto} of google/sentencepiece: {@code ModelProto.pieces} (field 1) holds {@code piece} (1),
 * {@code score} (2) and {@code type} (3); ids count the pieces from 0. Fields 2 and 3 are the {@link TokenizerSpec}; all others are skipped.
 */
public final class Vocabulary {
    /** Largest file that is read: the largest published vocabularies (256,000 pieces) take about 5 MB. */
    static final int MAX_FILE_BYTES = 32 << 20;

    /** Most pieces that are read: four times the largest published vocabulary. */
    static final int MAX_PIECES = 1 << 20;

    private static final int MODEL_PIECES = 1;
    private static final int TRAINER_SPEC = 2;
    private static final int NORMALIZER_SPEC = 3;
    private static final int PIECE_TEXT = 1;
    private static final int PIECE_SCORE = 2;
    private static final int PIECE_TYPE = 3;

    private static final Pattern BYTE_PIECE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");
    private static final int HEXADECIMAL = 16;

    private final List<Piece> pieces;
    private final TokenizerSpec spec;
    private final TextNormalizer normalizer;

    private Vocabulary(List<Piece> pieces, TokenizerSpec spec) throws MalformedException {
        this.pieces = List.copyOf(pieces);
        this.spec = spec;
        this.normalizer = new TextNormalizer(spec);
    }

    /**
     * The encoder of texts into these pieces.
     *
     * @return a new encoder
     * @throws IllegalStateException if the model's way of splitting text is not known
     */
    public TextEncoder encoder() {
        return new TextEncoder(this, spec, normalizer);
    }

    /**
     * Reads the piece table of a SentencePiece model, such as {@code tokenizer_spm_32k_3.model}.
     *
     * @param file the model file
     * @return its pieces
     * @throws CheckpointException if the file cannot be read, is larger than 32 MiB, is damaged, or is no SentencePiece model
     */
    public static Vocabulary read(Path file) {
        ModelFileType.refuseForeign(file, "a SentencePiece model");
        return parse(file, load(file));
    }

    /**
     * Pieces of which nothing is known but how many there are: none has a text.
     *
     * @param size how many
     * @return the pieces
     */
    public static Vocabulary unknown(int size) {
        try {
            return new Vocabulary(Collections.nCopies(size, new Piece("", 0, Type.CONTROL)), TokenizerSpec.DEFAULTS);
        } catch (MalformedException e) {
            throw new IllegalStateException("the defaults have no character map", e);
        }
    }

    /**
     * Returns the number of pieces.
     *
     * @return the number of pieces, at least 1; ids are 0 to size - 1
     */
    public int size() {
        return pieces.size();
    }

    /**
     * One piece.
     *
     * @param id from 0 to {@link #size()} - 1
     * @return the piece
     * @throws IllegalArgumentException if there is no such piece
     */
    public Piece piece(int id) {
        if (id < 0 || id >= pieces.size()) {
            throw new IllegalArgumentException("No piece has the id " + id + ": the vocabulary's ids are 0 to "
                    + (pieces.size() - 1) + "; use the vocabulary that the model was trained with");
        }
        return pieces.get(id);
    }

    /**
     * Joins tokens to text as SentencePiece does: control pieces make no text, spaces at the beginning are left out.
     *
     * @param tokens ids of pieces
     * @return the text
     * @throws IllegalArgumentException if there is no such piece
     */
    public String decode(int... tokens) {
        TextStream stream = new TextStream(this);
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            if (piece(token).type() != Type.CONTROL) {
                text.append(stream.next(token));
            }
        }
        return text.append(stream.finish()).toString().stripLeading();
    }

    private static ByteBuffer load(Path file) {
        try {
            return WholeFile.bytes(file, MAX_FILE_BYTES)
                    .map(ByteBuffer::wrap)
                    .orElseThrow(() ->
                            bad(file, "has more than " + MAX_FILE_BYTES + " bytes", "at most " + MAX_FILE_BYTES, null));
        } catch (IOException e) {
            throw bad(file, "cannot be read (" + e + ")", "a readable file", e);
        }
    }

    private static Vocabulary parse(Path file, ByteBuffer bytes) {
        List<Piece> pieces = new ArrayList<>();
        TokenizerSpec spec = TokenizerSpec.DEFAULTS;
        try {
            ProtobufFields model = new ProtobufFields(bytes);
            while (model.next()) {
                if (model.is(TRAINER_SPEC, ProtobufFields.LENGTH_DELIMITED)) {
                    spec = spec.trainer(model.bytes());
                } else if (model.is(NORMALIZER_SPEC, ProtobufFields.LENGTH_DELIMITED)) {
                    spec = spec.normalizer(model.bytes());
                } else if (!model.is(MODEL_PIECES, ProtobufFields.LENGTH_DELIMITED)) {
                    model.skip();
                } else if (pieces.size() == MAX_PIECES) {
                    throw new MalformedException("more than " + MAX_PIECES + " pieces");
                } else {
                    pieces.add(parsePiece(model.bytes(), pieces.size()));
                }
            }
            if (!pieces.isEmpty()) {
                return new Vocabulary(pieces, spec);
            }
        } catch (MalformedException e) {
            throw bad(file, "holds " + e.getMessage() + " after " + pieces.size() + " pieces", "a piece table", e);
        }
        throw bad(file, "holds no pieces", "at least one", null);
    }

    private static Piece parsePiece(ByteBuffer message, int id) throws MalformedException {
        String text = "";
        float score = 0;
        Type type = Type.NORMAL;
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            if (fields.is(PIECE_TEXT, ProtobufFields.LENGTH_DELIMITED)) {
                text = utf8(fields.bytes(), id);
            } else if (fields.is(PIECE_SCORE, ProtobufFields.FIXED32)) {
                score = fields.float32();
            } else if (fields.is(PIECE_TYPE, ProtobufFields.VARINT)) {
                type = Type.of(fields.varint(), id);
            } else {
                fields.skip();
            }
        }
        if (text.isEmpty()) {
            throw new MalformedException("piece " + id + " without text");
        }
        if (type == Type.BYTE && !BYTE_PIECE.matcher(text).matches()) {
            throw new MalformedException("byte piece " + id + " that is \"" + text + "\", not of the form <0xE2>,");
        }
        return new Piece(text, score, type);
    }

    private static String utf8(ByteBuffer bytes, int id) throws MalformedException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("piece " + id + " that is not UTF-8");
        }
    }

    private static CheckpointException bad(Path file, String found, String expected, Throwable cause) {
        return new CheckpointException(
                "Cannot read the vocabulary: " + file.toAbsolutePath() + " " + found + ", expected " + expected
                        + " of a SentencePiece model; fetch the model's tokenizer file (tokenizer_spm_32k_3.model) again",
                cause);
    }

    /**
     * One piece of text.
     *
     * @param text as the file has it: U+2581 stands for a space, {@code <0xE2>} for a byte
     * @param score its log probability; 0 for special pieces
     * @param type the kind of piece
     */
    public record Piece(String text, float score, Type type) {
        /**
         * The byte that a byte piece stands for.
         *
         * @return the byte
         * @throws IllegalStateException if this is no byte piece
         */
        public byte byteValue() {
            if (type != Type.BYTE) {
                throw new IllegalStateException("The piece \"" + text + "\" is of type " + type
                        + ", expected BYTE; ask for the type before asking for the byte");
            }
            return (byte) Integer.parseInt(text.substring(3, 5), HEXADECIMAL);
        }
    }

    /** The kind of a piece, in the order of {@code ModelProto.SentencePiece.Type}, which counts from 1. */
    public enum Type {
        /** Text. */
        NORMAL,
        /** Text without a piece. */
        UNKNOWN,
        /** A mark without text, such as the beginning of a sentence. */
        CONTROL,
        /** Text that is never split. */
        USER_DEFINED,
        /** A piece that is not used. */
        UNUSED,
        /** One byte of a UTF-8 character that has no piece of its own. */
        BYTE;

        static Type of(long number, int id) throws MalformedException {
            if (number < 1 || number > values().length) {
                throw new MalformedException("piece " + id + " of unknown type " + Long.toUnsignedString(number));
            }
            return values()[(int) number - 1];
        }
    }
}
