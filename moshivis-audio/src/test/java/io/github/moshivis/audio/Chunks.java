package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds WAV files chunk by chunk, independently of the code under test, and reads sources to their end. */
final class Chunks {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static byte[] wav(int tag, int channels, int rate, int bits, byte[] sound) {
        return new Chunks()
                .format(tag, channels, rate, bits)
                .chunk("data", sound)
                .riff();
    }

    static byte[] pcm16(int channels, int rate, int... samples) {
        ByteBuffer sound = little(2 * samples.length);
        for (int sample : samples) {
            sound.putShort((short) sample);
        }
        return wav(1, channels, rate, 16, sound.array());
    }

    static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    Chunks format(int tag, int channels, int rate, int bits) {
        return chunk("fmt ", basicFormat(tag, channels, rate, bits, 16).array());
    }

    /** WAVE_FORMAT_EXTENSIBLE around a format tag. */
    Chunks extensible(int tag, int channels, int rate, int bits) {
        ByteBuffer format = basicFormat(0xfffe, channels, rate, bits, 40);
        format.putShort((short) 22).putShort((short) bits).putInt(0).putShort((short) tag);
        format.put(new byte[] {0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71});
        return chunk("fmt ", format.array());
    }

    private static ByteBuffer basicFormat(int tag, int channels, int rate, int bits, int length) {
        int frame = channels * (bits / 8);
        return little(length)
                .putShort((short) tag)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * frame)
                .putShort((short) frame)
                .putShort((short) bits);
    }

    Chunks chunk(String id, byte[] body) {
        chunk(id, body.length, body);
        if (body.length % 2 != 0) {
            out.write(0);
        }
        return this;
    }

    /** A chunk that states another length than it has, without padding. */
    Chunks chunk(String id, long length, byte[] body) {
        out.writeBytes(id.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(little(4).putInt((int) length).array());
        out.writeBytes(body);
        return this;
    }

    byte[] riff() {
        return riff("RIFF", out.size() + 4);
    }

    byte[] riff(String magic, long size) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(little(4).putInt((int) size).array());
        file.writeBytes("WAVE".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(out.toByteArray());
        return file.toByteArray();
    }

    /** All samples of a source, which is opened and closed. */
    static float[] readAll(AudioSource source) throws IOException {
        try (source) {
            source.open();
            return readOpened(source);
        }
    }

    /** All samples of a source that is open, and stays so. */
    static float[] readOpened(AudioSource source) throws IOException {
        float[] samples = new float[16];
        int filled = 0;
        for (int count = 0; count >= 0; count = source.read(samples, filled, samples.length - filled)) {
            filled += count;
            if (filled == samples.length) {
                samples = Arrays.copyOf(samples, 2 * filled);
            }
        }
        return Arrays.copyOf(samples, filled);
    }

    /** Samples as an encoding keeps them: the same, or with G.711 the nearest that have a code. */
    static float[] kept(PcmEncoding encoding, float[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * encoding.bytesPerSample());
        encoding.encode(samples, 0, samples.length, bytes);
        float[] kept = new float[samples.length];
        encoding.decode(bytes.flip(), kept, 0, kept.length);
        return kept;
    }
}
