package io.github.moshivis.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes SentencePiece models as the protobuf format has them, independently of the reader. */
final class SentencePieceFile {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int BYTE = 6;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    SentencePieceFile piece(String text, float score, int type) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        message.write(1 << 3 | 2);
        message.write(utf8.length);
        message.writeBytes(utf8);
        message.write(2 << 3 | 5);
        message.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(score)
                .array());
        message.write(3 << 3);
        message.write(type);
        return message(1, message.toByteArray());
    }

    /** A field of the model that holds another message, of fewer than 16,384 bytes. */
    SentencePieceFile message(int field, byte[] message) {
        out.write(field << 3 | 2);
        if (message.length > 0x7f) {
            out.write(message.length & 0x7f | 0x80);
            out.write(message.length >> 7);
        } else {
            out.write(message.length);
        }
        out.writeBytes(message);
        return this;
    }

    SentencePieceFile raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** Ids 0 to 3 as in the released vocabulary, the 256 bytes from 4, then words from 260. */
    static byte[] withBytePieces(String... words) {
        SentencePieceFile file = new SentencePieceFile()
                .piece("<unk>", 0, UNKNOWN)
                .piece("<s>", 0, CONTROL)
                .piece("</s>", 0, CONTROL)
                .piece("<pad>", 0, CONTROL);
        for (int value = 0; value < 256; value++) {
            file.piece(String.format("<0x%02X>", value), 0, BYTE);
        }
        for (String word : words) {
            file.piece(word, -1, NORMAL);
        }
        return file.bytes();
    }
}
