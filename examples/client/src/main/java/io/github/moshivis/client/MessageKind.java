package io.github.moshivis.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** First bytes of messages, and messages made with them. Source: {@code client/src/protocol/types.ts} of the reference, and its servers. */
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
    /** Of ours: what the user says. */
    static final byte USER_WORD = 0x0B;
    /** Of ours: the user has stopped. */
    static final byte USER_TURN = 0x0C;

    private MessageKind() {}

    /** A message: its kind in front of a payload. */
    static byte[] message(byte kind, byte[] payload) {
        return ByteBuffer.allocate(1 + payload.length).put(kind).put(payload).array();
    }

    static byte[] message(byte kind, String payload) {
        return message(kind, payload.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] message(byte kind, int payload) {
        return new byte[] {kind, (byte) payload};
    }

    /** Returns whether messages of a kind are known here. */
    static boolean isKnown(int kind) {
        return kind >= HANDSHAKE && kind <= IMAGE || kind >= RATING && kind <= USER_TURN;
    }
}
