package io.github.moshivis.server.telephone;

import io.github.moshivis.audio.PcmEncoding;
import java.nio.ByteBuffer;

/**
 * A frame of Asterisk's AudioSocket: a byte of kind, two of length (big-endian), and the payload. Audio is signed linear 16 bits,
 * little-endian, at the rate of its kind.
 *
 * @param kind 0 to 255
 * @param payload at most 65535 bytes
 */
record AudioSocketFrame(int kind, byte[] payload) {
    static final int HANG_UP = 0x00;
    static final int UUID = 0x01;
    static final int DTMF = 0x03;
    static final int ERROR = 0xff;

    static final int HEADER = 3;

    /** Audio kind of 8 kHz; those of other rates follow it. */
    static final int SOUND = 0x10;

    private static final int[] RATES = {8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000};

    /** Reads the next frame; returns null and reads nothing if it is incomplete. */
    static AudioSocketFrame read(ByteBuffer bytes) {
        if (bytes.remaining() < HEADER) {
            return null;
        }
        int length = bytes.getShort(bytes.position() + 1) & 0xffff;
        if (bytes.remaining() < HEADER + length) {
            return null;
        }
        int kind = bytes.get() & 0xff;
        bytes.getShort();
        byte[] payload = new byte[length];
        bytes.get(payload);
        return new AudioSocketFrame(kind, payload);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put((byte) kind)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }

    /** Returns whether this is audio. */
    boolean isSound() {
        return kind >= SOUND && kind < SOUND + RATES.length;
    }

    /** Returns the format of an audio frame. */
    PhoneFormat format() {
        return new PhoneFormat(RATES[kind - SOUND], PcmEncoding.SIGNED_16);
    }
}
