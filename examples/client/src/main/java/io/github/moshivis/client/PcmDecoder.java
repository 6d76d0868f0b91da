package io.github.moshivis.client;

import io.github.moshivis.audio.PcmEncoding;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads 16-bit samples from bytes that may be cut inside one. */
final class PcmDecoder implements VoiceFormat.Decoder {
    private byte[] incomplete = new byte[0];

    @Override
    public float[] decode(byte[] bytes) {
        ByteBuffer all = ByteBuffer.allocate(incomplete.length + bytes.length);
        all.put(incomplete).put(bytes).flip();
        float[] pcm = new float[all.remaining() / PcmEncoding.SIGNED_16.bytesPerSample()];
        PcmEncoding.SIGNED_16.decode(all, pcm, 0, pcm.length);
        incomplete = Arrays.copyOfRange(all.array(), all.position(), all.limit());
        return pcm;
    }
}
