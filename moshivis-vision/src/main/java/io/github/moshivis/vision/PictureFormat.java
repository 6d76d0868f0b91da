package io.github.moshivis.vision;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Supported picture formats, detected by their first bytes and never by a file name. */
enum PictureFormat {
    PNG("PNG"),
    JPEG("JPEG"),
    WEBP("WebP"),
    GIF("GIF"),
    BMP("BMP");

    private final String displayName;

    PictureFormat(String displayName) {
        this.displayName = displayName;
    }

    /**
     * Detects the format of an encoded picture.
     *
     * @param bytes the whole picture, or at least its first 12 bytes
     * @return the format, or empty if it is none of these
     */
    static Optional<PictureFormat> of(byte[] bytes) {
        if (hasAscii(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        if (hasAscii(bytes, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (hasAscii(bytes, 0, "RIFF") && hasAscii(bytes, 8, "WEBP")) {
            return Optional.of(WEBP);
        }
        if (hasAscii(bytes, 0, "GIF87a") || hasAscii(bytes, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        return hasAscii(bytes, 0, "BM") ? Optional.of(BMP) : Optional.empty();
    }

    /** All formats, for messages: {@code PNG, JPEG, WebP, GIF, BMP}. */
    static String all() {
        return Arrays.stream(values()).map(PictureFormat::toString).collect(Collectors.joining(", "));
    }

    /** Returns whether the characters, one byte each, are at an offset. */
    static boolean hasAscii(byte[] bytes, int offset, String characters) {
        byte[] wanted = characters.getBytes(StandardCharsets.ISO_8859_1);
        return offset + wanted.length <= bytes.length
                && Arrays.equals(bytes, offset, offset + wanted.length, wanted, 0, wanted.length);
    }

    @Override
    public String toString() {
        return displayName;
    }
}
