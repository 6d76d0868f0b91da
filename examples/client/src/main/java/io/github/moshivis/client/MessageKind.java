package io.github.moshivis.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Kind bytes of messages. Source: {@code client/src/protocol/types.ts} of the reference, and its servers. */
final class MessageKind {
    static final byte HANDSHAKE = 0x00;
    static final byte AUDIO = 0x01;
    static final byte TEXT = 0x02;
    static final byte CONTROL = 0x03;
    static final byte METADATA = 0x04;
    static final byte ERROR = 0x05;
    static final byte PING = 0x06;
    static final byte COLORED_TEXT = 0x07;
    static final byte IMAGE = 0x08;
    static final byte RATING = 0x0A;
    /** Extension: a word of the user. */
    static final byte USER_WORD = 0x0B;
    /** Extension: the end of the user's turn. */
    static final byte USER_TURN = 0x0C;

    private MessageKind() {}

    /** Returns a message: the kind before the payload. */
    static byte[] message(byte kind, byte[] payload) {
        return ByteBuffer.allocate(1 + payload.length).put(kind).put(payload).array();
    }

    static byte[] message(byte kind, String payload) {
        return message(kind, payload.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] message(byte kind, int payload) {
        return new byte[] {kind, (byte) payload};
    }

    /** Returns whether a kind is known. */
    static boolean isKnown(int kind) {
        return kind >= HANDSHAKE && kind <= IMAGE || kind >= RATING && kind <= USER_TURN;
    }
}
