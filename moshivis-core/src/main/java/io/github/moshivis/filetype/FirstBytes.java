package io.github.moshivis.filetype;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** The beginning of a file: bytes at places, and as text. */
final class FirstBytes {
    /** Enough to tell all types, with white space, comments and declarations before the texts. */
    static final int LENGTH = 1024;

    /** Fewer letters may be the first of anything. */
    private static final int SHORTEST_TEXT = 8;

    private static final int BRAND_BYTES = 4;

    /** The first brand of an ISO base media file, and the compatible ones behind its version. */
    private static final int MAJOR_BRAND = 8;

    private static final int COMPATIBLE_BRANDS = 16;

    private final byte[] bytes;
    private final String text;

    FirstBytes(byte[] file) {
        bytes = Arrays.copyOf(file, Math.min(file.length, LENGTH));
        text = text();
    }

    /** Decodes as the byte order mark says, UTF-8 without one. */
    private String text() {
        Charset charset = StandardCharsets.UTF_8;
        int mark = 0;
        if (has(0, "\u00ef\u00bb\u00bf")) {
            mark = 3;
        } else if (has(0, "\u00ff\u00fe") || has(0, "\u00fe\u00ff")) {
            charset = has(0, "\u00ff\u00fe") ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
            mark = 2;
        }
        return new String(bytes, mark, bytes.length - mark, charset).stripLeading();
    }

    /** Returns whether these characters, one byte each, are at a place. */
    boolean has(int offset, String characters) {
        byte[] wanted = characters.getBytes(StandardCharsets.ISO_8859_1);
        return offset + wanted.length <= bytes.length
                && Arrays.equals(bytes, offset, offset + wanted.length, wanted, 0, wanted.length);
    }

    /** Returns whether the text begins with one of these lower-case words, in any case, after white space. */
    boolean begins(String... words) {
        return Arrays.stream(words).anyMatch(word -> text.regionMatches(true, 0, word, 0, word.length()));
    }

    /** Returns whether the text contains this lower-case word, in any case. */
    boolean contains(String word) {
        return text.toLowerCase(Locale.ROOT).contains(word);
    }

    /** Returns whether it is text: some characters and white space only. The last character may be cut off. */
    boolean isText() {
        return text.length() >= SHORTEST_TEXT
                && IntStream.range(0, text.length() - 1).allMatch(i -> isPrintable(text.charAt(i)))
                && (isPrintable(text.charAt(text.length() - 1)) || bytes.length == LENGTH);
    }

    private static boolean isPrintable(char character) {
        return Character.isWhitespace(character) || !Character.isISOControl(character) && character != '\uFFFD';
    }

    /** Returns whether an ISO base media file (ISO/IEC 14496-12) names one of these brands, as its own or as compatible. */
    boolean hasBrand(String... brands) {
        int end = !isBaseMedia() ? 0 : Math.min(bytes.length, (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF);
        return IntStream.iterate(MAJOR_BRAND, at -> at + BRAND_BYTES <= end, at -> at + BRAND_BYTES)
                .filter(at -> at == MAJOR_BRAND || at >= COMPATIBLE_BRANDS)
                .anyMatch(at -> Arrays.stream(brands).anyMatch(brand -> has(at, brand)));
    }

    /** Returns whether it begins as an ISO base media file. */
    boolean isBaseMedia() {
        return has(4, "ftyp");
    }

    /** Returns whether a safetensors header of at most 256 MiB begins with a brace after its length. */
    boolean isSafetensors() {
        return bytes.length > Long.BYTES
                && bytes[Long.BYTES] == '{'
                && (bytes[3] & 0xF0 | bytes[4] | bytes[5] | bytes[6] | bytes[7]) == 0;
    }
}
