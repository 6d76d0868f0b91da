package io.github.moshivis.server.chat;

import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.audio.Resampler;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSource;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Audio of other protocols: samples of any rate and encoding, mono, without a header.
 *
 * @param rate samples a second
 * @param encoding of one sample
 */
public record PcmVoice(int rate, PcmEncoding encoding) implements VoiceFormat {
    /** Number of samples to resample at a time. */
    private static final int BLOCK = 4096;

    @Override
    public Encoder encoder() {
        if (rate == AudioSource.SAMPLE_RATE) {
            return this::bytes; // without the resampler's delay
        }
        Resampler resampler = new Resampler(AudioSource.SAMPLE_RATE, rate);
        return new Encoder() {
            @Override
            public byte[] encode(float[] pcm) {
                resampler.write(pcm, 0, pcm.length);
                return bytes(drain(resampler));
            }

            @Override
            public byte[] end() {
                resampler.end();
                return bytes(drain(resampler));
            }
        };
    }

    private byte[] bytes(float[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * encoding.bytesPerSample());
        encoding.encode(samples, 0, samples.length, bytes);
        return bytes.array();
    }

    @Override
    public Decoder decoder() {
        boolean same = rate == AudioSource.SAMPLE_RATE;
        Resampler resampler = new Resampler(rate, AudioSource.SAMPLE_RATE);
        return new Decoder() {
            private byte[] incomplete = new byte[0];

            @Override
            public float[] decode(byte[] bytes) {
                ByteBuffer all = ByteBuffer.allocate(incomplete.length + bytes.length);
                all.put(incomplete).put(bytes).flip();
                float[] samples = new float[all.remaining() / encoding.bytesPerSample()];
                encoding.decode(all, samples, 0, samples.length);
                incomplete = Arrays.copyOfRange(all.array(), all.position(), all.limit());
                if (same) {
                    return samples;
                }
                resampler.write(samples, 0, samples.length);
                return drain(resampler);
            }
        };
    }

    private static float[] drain(Resampler resampler) {
        float[] samples = new float[BLOCK];
        int filled = 0;
        for (int count = resampler.read(samples, 0, BLOCK); count > 0; count = resampler.read(samples, filled, BLOCK)) {
            filled += count;
            samples = Arrays.copyOf(samples, filled + BLOCK);
        }
        return Arrays.copyOf(samples, filled);
    }
}
