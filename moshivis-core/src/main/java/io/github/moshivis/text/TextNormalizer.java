package io.github.moshivis.text;

import io.github.moshivis.text.ProtobufFields.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Text as a SentencePiece model splits it: characters replaced, spaces collapsed and escaped ({@code normalizer.cc} of
 * google/sentencepiece). Immutable.
 */
final class TextNormalizer {
    private static final byte[] ESCAPED_SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SPACE = {' '};

    private final TokenizerSpec spec;
    private final CharacterMap replacements;
    private final byte[] space;

    TextNormalizer(TokenizerSpec spec) throws MalformedException {
        this.spec = spec;
        this.replacements = CharacterMap.of(spec.characterMap());
        this.space = spec.escapeWhitespace() ? ESCAPED_SPACE : SPACE;
    }

    /** The normalized text; "" for a text of nothing but spaces where these are removed. */
    String normalize(String text) {
        byte[] replaced = replaced(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream(replaced.length + space.length);
        boolean remove = spec.removeExtraWhitespace();
        int end = replaced.length;
        while (remove && end > 0 && replaced[end - 1] == ' ') {
            end--;
        }
        int start = 0;
        while (remove && start < end && replaced[start] == ' ') {
            start++;
        }
        if (start == end) {
            return "";
        }
        if (spec.addDummyPrefix() && !spec.whitespaceAsSuffix()) {
            out.writeBytes(space);
        }
        for (int i = start; i < end; i++) {
            if (replaced[i] != ' ') {
                out.write(replaced[i]);
            } else if (!remove || replaced[i - 1] != ' ') {
                out.writeBytes(space);
            }
        }
        if (spec.addDummyPrefix() && spec.whitespaceAsSuffix()) {
            out.writeBytes(space);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private byte[] replaced(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        int at = 0;
        while (at < in.length) {
            CharacterMap.Match match = replacements.longest(in, at);
            if (match == null) {
                int length = characterBytes(in[at]);
                out.write(in, at, length);
                at += length;
            } else {
                out.writeBytes(match.replacement());
                at += match.length();
            }
        }
        return out.toByteArray();
    }

    /** The length of a UTF-8 character by its first byte. */
    private static int characterBytes(byte first) {
        if (first >= 0) {
            return 1;
        }
        return (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
    }
}
