package io.github.moshivis.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Puts a kind in front of a payload. */
final class Encoding {
    private Encoding() {}

    static byte[] of(byte kind, byte[] payload) {
        return ByteBuffer.allocate(1 + payload.length).put(kind).put(payload).array();
    }

    static byte[] of(byte kind, String payload) {
        return of(kind, payload.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] of(byte kind, int payload) {
        return new byte[] {kind, (byte) payload};
    }
}
