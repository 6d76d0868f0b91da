package io.github.moshivis.examples.server.chat;

import io.github.moshivis.audio.PcmEncoding;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** How sound travels in audio messages, the same both ways. */
enum AudioFormat {
    /** A stream of Ogg pages with Opus packets, as in the reference. */
    OPUS {
        @Override
        Decoder newDecoder() {
            throw new UnsupportedOperationException("moshivis-audio");
        }

        @Override
        Encoder newEncoder() {
            throw new UnsupportedOperationException("moshivis-audio");
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
