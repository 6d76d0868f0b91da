package io.github.moshivis.server.telephone;

import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.server.chat.PcmVoice;
import java.nio.ByteBuffer;

/**
 * Audio format of a call, the same in both directions.
 *
 * @param rate samples a second
 * @param encoding of one sample
 */
record PhoneFormat(int rate, PcmEncoding encoding) {
    private static final int FRAMES_PER_SECOND = 50;

    /** Returns the number of bytes of 20 ms. */
    int frameBytes() {
        return rate / FRAMES_PER_SECOND * encoding.bytesPerSample();
    }

    /** Returns Returns 20 ms of silence. */
    byte[] silence() {
        ByteBuffer bytes = ByteBuffer.allocate(frameBytes());
        encoding.encode(new float[rate / FRAMES_PER_SECOND], 0, rate / FRAMES_PER_SECOND, bytes);
        return bytes.array();
    }

    PcmVoice voice() {
        return new PcmVoice(rate, encoding);
    }
}
