package io.github.moshivis.filetype;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that are read whole, up to a size; also pipes and devices, which have no size of their own and perhaps no end. */
public final class WholeFile {
    /** The byte order mark that editors of Windows write; a parser may ignore it (RFC 8259, section 8.1). */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private WholeFile() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @param most maximum number of bytes
     * @return its bytes, or empty if there are more
     * @throws IOException if it cannot be read
     */
    public static Optional<byte[]> bytes(Path file, int most) throws IOException {
        if (Files.size(file) > most) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(most + 1)).filter(bytes -> bytes.length <= most);
        }
    }

    /**
     * Reads a text in UTF-8.
     *
     * @param file the file
     * @param most maximum number of bytes
     * @return its text without a byte order mark, or empty if there are more bytes
     * @throws CharacterCodingException if it is no UTF-8
     * @throws IOException if it cannot be read
     */
    public static Optional<String> text(Path file, int most) throws IOException {
        Optional<byte[]> bytes = bytes(file, most);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.get()))
                .toString();
        return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }
}
