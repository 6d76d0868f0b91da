package io.github.moshivis.weights.file;

import io.github.moshivis.errors.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the header of a GGUF file from its start to its end, and never beyond: a length is checked before it is believed. */
final class GgufCursor {
    private final Path file;
    private final ByteBuffer header;
    private final String end;

    /**
     * A cursor at the start.
     *
     * @param file for messages
     * @param header little-endian, from 0 to the limit
     * @param end description of a header that does not end before the limit
     */
    GgufCursor(Path file, ByteBuffer header, String end) {
        this.file = file;
        this.header = header;
        this.end = end;
    }

    int position() {
        return header.position();
    }

    int remaining() {
        return header.remaining();
    }

    int uint8(String what) {
        require(Byte.BYTES, what);
        return header.get() & 0xFF;
    }

    int uint32(String what) {
        require(Integer.BYTES, what);
        return header.getInt();
    }

    long uint64(String what) {
        require(Long.BYTES, what);
        return header.getLong();
    }

    /**
     * A number of things that follow.
     *
     * @param leastBytes what one of them takes at least
     * @return the number, which the rest of the header can hold
     */
    long count(String what, int leastBytes) {
        long count = uint64(what);
        if (count < 0 || count > remaining() / leastBytes) {
            throw damaged(
                    what,
                    Long.toUnsignedString(count),
                    "at most the " + remaining() / leastBytes + " that the " + remaining() + " bytes left can hold");
        }
        return count;
    }

    String text(String what) {
        int length = (int) count("length of " + what, 1);
        ByteBuffer bytes = header.slice(header.position(), length);
        header.position(header.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw damaged(what, "bytes that are no UTF-8", "UTF-8");
        }
    }

    void skip(long bytes, String what) {
        require(bytes, what);
        header.position(header.position() + (int) bytes);
    }

    private void require(long bytes, String what) {
        if (bytes > remaining()) {
            throw damaged(what, remaining() + " bytes left", "at least " + bytes + ": " + end);
        }
    }

    CheckpointException damaged(String what, String found, String expected) {
        return new CheckpointException("Cannot read GGUF file " + file + ": " + what + ": found " + found
                + ", expected " + expected + ". Download or convert the file again.");
    }
}
