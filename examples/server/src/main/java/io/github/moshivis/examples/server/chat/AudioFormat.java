package io.github.moshivis.examples.server.chat;

import io.github.moshivis.audio.OggOpusDecoder;
import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.audio.PcmEncoding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/** How sound travels in audio messages, the same both ways. */
enum AudioFormat {
    /** A stream of Ogg pages with Opus packets, as in the reference. */
    OPUS {
        @Override
        Decoder newDecoder() {
            return new OpusDecoder(new OggOpusDecoder());
        }

        @Override
        Encoder newEncoder() {
            return new OpusEncoder(new OggOpusEncoder(AS_REFERENCE));
        }
    },
    /** 16-bit samples, little endian, 24 kHz, mono: for clients without Opus. */
    PCM {
        @Override
        Decoder newDecoder() {
            return new PcmDecoder();
        }

        @Override
        Encoder newEncoder() {
            return AudioFormat::pcm;
        }
    };

    /** The Rust server's: packets and pages of 40 ms, for speech ({@code stream_both.rs}). */
    private static final OpusSettings AS_REFERENCE = OpusSettings.live().withFrame(Duration.ofMillis(40));

    private static final PcmEncoding SAMPLE = PcmEncoding.SIGNED_16;

    /** Reads one stream. Used by one thread. */
    interface Decoder extends AutoCloseable {
        /**
         * Takes some bytes of the stream, cut anywhere.
         *
         * @return the samples that are complete now, 24 kHz mono; may be none
         * @throws io.github.moshivis.errors.MediaException if they cannot be sound
         */
        float[] decode(byte[] bytes);

        @Override
        default void close() {}
    }

    /** Writes one stream. Used by one thread. */
    interface Encoder extends AutoCloseable {
        /**
         * Takes some samples, 24 kHz mono.
         *
         * @return the bytes that are complete now; may be none
         */
        byte[] encode(float[] samples);

        @Override
        default void close() {}
    }

    abstract Decoder newDecoder();

    abstract Encoder newEncoder();

    private static byte[] pcm(float[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(samples.length * SAMPLE.bytesPerSample());
        SAMPLE.encode(samples, 0, samples.length, bytes);
        return bytes.array();
    }

    private record OpusDecoder(OggOpusDecoder ogg) implements Decoder {
        @Override
        public float[] decode(byte[] bytes) {
            return ogg.decode(bytes);
        }

        @Override
        public void close() {
            ogg.close();
        }
    }

    private record OpusEncoder(OggOpusEncoder ogg) implements Encoder {
        @Override
        public byte[] encode(float[] samples) {
            return ogg.encode(samples);
        }

        @Override
        public void close() {
            ogg.close();
        }
    }

    /** Keeps the first half of a sample that a message ends with. */
    private static final class PcmDecoder implements Decoder {
        private byte[] rest = {};

        @Override
        public float[] decode(byte[] bytes) {
            byte[] all = Arrays.copyOf(rest, rest.length + bytes.length);
            System.arraycopy(bytes, 0, all, rest.length, bytes.length);
            ByteBuffer buffer = ByteBuffer.wrap(all);
            float[] samples = new float[all.length / SAMPLE.bytesPerSample()];
            SAMPLE.decode(buffer, samples, 0, samples.length);
            rest = Arrays.copyOfRange(all, buffer.position(), all.length);
            return samples;
        }
    }
}
