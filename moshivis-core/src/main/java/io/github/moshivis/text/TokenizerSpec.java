package io.github.moshivis.text;

import io.github.moshivis.text.ProtobufFields.MalformedException;
import java.nio.ByteBuffer;

/**
 * Settings of a SentencePiece model that decide how text becomes pieces: {@code TrainerSpec} (field 2 of {@code ModelProto}) and
 * {@code NormalizerSpec} (field 3) of {@code sentencepiece_model.proto}; absent fields have the defaults of that file. Immutable.
 *
 * @param algorithm the search for the best pieces
 * @param byteFallback whether characters without a piece become byte pieces instead of the unknown piece
 * @param whitespaceAsSuffix whether the space belongs to the word before it
 * @param characterMap the precompiled table of character replacements; empty for none
 * @param addDummyPrefix whether a space is put before the text
 * @param removeExtraWhitespace whether spaces are stripped at both ends and collapsed in between
 * @param escapeWhitespace whether spaces become U+2581
 */
record TokenizerSpec(
        Algorithm algorithm,
        boolean byteFallback,
        boolean whitespaceAsSuffix,
        ByteBuffer characterMap,
        boolean addDummyPrefix,
        boolean removeExtraWhitespace,
        boolean escapeWhitespace) {
    static final TokenizerSpec DEFAULTS =
            new TokenizerSpec(Algorithm.UNIGRAM, false, false, ByteBuffer.allocate(0), true, true, true);

    private static final int MODEL_TYPE = 3;
    private static final int WHITESPACE_AS_SUFFIX = 24;
    private static final int BYTE_FALLBACK = 35;

    private static final int CHARACTER_MAP = 2;
    private static final int ADD_DUMMY_PREFIX = 3;
    private static final int REMOVE_EXTRA_WHITESPACE = 4;
    private static final int ESCAPE_WHITESPACE = 5;

    /** The search for pieces; the order is that of {@code TrainerSpec.ModelType}, which counts from 1. */
    enum Algorithm {
        /** The segmentation with the highest sum of scores. */
        UNIGRAM,
        /** Merges of neighbors, the highest score first. */
        BPE,
        /** Words at spaces. */
        WORD,
        /** Single characters. */
        CHAR
    }

    /** The spec with the fields of a {@code TrainerSpec} message. */
    TokenizerSpec trainer(ByteBuffer message) throws MalformedException {
        Algorithm type = algorithm;
        boolean bytes = byteFallback;
        boolean suffix = whitespaceAsSuffix;
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            if (fields.is(MODEL_TYPE, ProtobufFields.VARINT)) {
                long number = fields.varint();
                if (number < 1 || number > Algorithm.values().length) {
                    throw new MalformedException("the unknown model type " + Long.toUnsignedString(number));
                }
                type = Algorithm.values()[(int) number - 1];
            } else if (fields.is(BYTE_FALLBACK, ProtobufFields.VARINT)) {
                bytes = fields.varint() != 0;
            } else if (fields.is(WHITESPACE_AS_SUFFIX, ProtobufFields.VARINT)) {
                suffix = fields.varint() != 0;
            } else {
                fields.skip();
            }
        }
        return new TokenizerSpec(
                type, bytes, suffix, characterMap, addDummyPrefix, removeExtraWhitespace, escapeWhitespace);
    }

    /** The spec with the fields of a {@code NormalizerSpec} message. */
    TokenizerSpec normalizer(ByteBuffer message) throws MalformedException {
        ByteBuffer map = characterMap;
        boolean prefix = addDummyPrefix;
        boolean remove = removeExtraWhitespace;
        boolean escape = escapeWhitespace;
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            if (fields.is(CHARACTER_MAP, ProtobufFields.LENGTH_DELIMITED)) {
                map = fields.bytes();
            } else if (fields.is(ADD_DUMMY_PREFIX, ProtobufFields.VARINT)) {
                prefix = fields.varint() != 0;
            } else if (fields.is(REMOVE_EXTRA_WHITESPACE, ProtobufFields.VARINT)) {
                remove = fields.varint() != 0;
            } else if (fields.is(ESCAPE_WHITESPACE, ProtobufFields.VARINT)) {
                escape = fields.varint() != 0;
            } else {
                fields.skip();
            }
        }
        return new TokenizerSpec(algorithm, byteFallback, whitespaceAsSuffix, map, prefix, remove, escape);
    }
}
