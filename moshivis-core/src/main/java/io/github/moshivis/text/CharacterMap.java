package io.github.moshivis.text;

import io.github.moshivis.text.ProtobufFields.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The character replacements that a SentencePiece model brings along (NFKC in most), as {@code normalizer.cc} of google/sentencepiece
 * stores them: the size of a trie in bytes, the trie as a double array of 32-bit units (darts-clone), then replacements that end in a
 * zero byte. A key's value is the place of its replacement. Immutable.
 */
final class CharacterMap {
    private static final int LEAF = 1 << 8;
    private static final int EXTENDED_OFFSET = 1 << 9;
    private static final int LABEL = 1 << 31 | 0xFF;

    private final ByteBuffer units;
    private final ByteBuffer replacements;

    private CharacterMap(ByteBuffer units, ByteBuffer replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * Reads a table.
     *
     * @param bytes as in the model; empty for no replacements
     */
    static CharacterMap of(ByteBuffer bytes) throws MalformedException {
        if (!bytes.hasRemaining()) {
            return new CharacterMap(bytes, bytes);
        }
        ByteBuffer table = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        long trie = table.remaining() < Integer.BYTES ? -1 : table.getInt() & 0xFFFFFFFFL;
        if (trie < Integer.BYTES || trie % Integer.BYTES != 0 || trie > table.remaining()) {
            throw new MalformedException("a character map of " + bytes.remaining() + " bytes with a trie of " + trie);
        }
        ByteBuffer units = table.slice(table.position(), (int) trie).order(ByteOrder.LITTLE_ENDIAN);
        int start = table.position() + (int) trie;
        return new CharacterMap(units, table.slice(start, table.limit() - start));
    }

    /** A replacement: how many bytes of the text it stands for, and its own bytes. */
    record Match(int length, byte[] replacement) {}

    /**
     * The longest key at a place of a text.
     *
     * @param text UTF-8
     * @param from index of the first byte
     * @return its replacement, or null if no key begins here
     */
    Match longest(byte[] text, int from) {
        if (!units.hasRemaining()) {
            return null;
        }
        Match best = null;
        int node = offset(unit(0));
        for (int i = from; i < text.length; i++) {
            int label = text[i] & 0xFF;
            node ^= label;
            int unit = unit(node);
            if ((unit & LABEL) != label) {
                break;
            }
            node ^= offset(unit);
            if ((unit & LEAF) != 0) {
                best = new Match(i + 1 - from, replacement(unit(node) & Integer.MAX_VALUE));
            }
        }
        return best;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & EXTENDED_OFFSET) >>> 6);
    }

    /** A unit, 0 beyond the array: a damaged trie then matches nothing. */
    private int unit(int index) {
        long at = (index & 0xFFFFFFFFL) * Integer.BYTES;
        return at + Integer.BYTES <= units.limit() ? units.getInt((int) at) : 0;
    }

    private byte[] replacement(int at) {
        int end = Math.min(at, replacements.limit());
        while (end < replacements.limit() && replacements.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[Math.max(end - at, 0)];
        if (bytes.length > 0) {
            replacements.get(at, bytes);
        }
        return bytes;
    }
}
