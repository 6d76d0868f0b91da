package io.github.moshivis.client;

import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.audio.PcmEncoding;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encoding of speech in the bytes of {@link Message.Audio}. A format is immutable and serves many conversations; each makes an encoder and
 * a decoder of its own, which one thread at a time uses.
 */
public interface VoiceFormat {
    /**
     * Opus in Ogg, as all servers take it; encoded for low delay, and to be as it was: a model mishears what Opus makes of speech in its
     * mode for people (figures in {@code docs/evaluation.md}).
     */
    VoiceFormat OPUS = opus(OpusSettings.live());

    /** 16-bit integers, little endian: for our server, and for tests, where what comes out shall be what went in. */
    VoiceFormat PCM = new VoiceFormat() {
        @Override
        public ChatSettings announce(ChatSettings settings) {
            return settings.with("audio_format", "pcm");
        }

        @Override
        public Encoder encoder() {
            return pcm -> {
                ByteBuffer bytes = ByteBuffer.allocate(pcm.length * PcmEncoding.SIGNED_16.bytesPerSample());
                PcmEncoding.SIGNED_16.encode(pcm, 0, pcm.length, bytes);
                return bytes.array();
            };
        }

        @Override
        public Decoder decoder() {
            return new Decoder() {
                private byte[] incomplete = new byte[0]; // bytes may be cut inside a sample

                @Override
                public float[] decode(byte[] bytes) {
                    ByteBuffer all = ByteBuffer.allocate(incomplete.length + bytes.length);
                    all.put(incomplete).put(bytes).flip();
                    float[] pcm = new float[all.remaining() / PcmEncoding.SIGNED_16.bytesPerSample()];
                    PcmEncoding.SIGNED_16.decode(all, pcm, 0, pcm.length);
                    incomplete = Arrays.copyOfRange(all.array(), all.position(), all.limit());
                    return pcm;
                }
            };
        }

        @Override
        public String toString() {
            return "PCM";
        }
    };

    /**
     * Opus in Ogg, as all servers take it.
     *
     * @param settings how to encode the user's voice
     * @return the format
     */
    static VoiceFormat opus(OpusSettings settings) {
        return new OpusFormat(settings);
    }

    /**
     * Asks the server for this format.
     *
     * @param settings what else it is asked
     * @return the settings with what this format needs; as they are for the protocol's own, Ogg with Opus
     */
    default ChatSettings announce(ChatSettings settings) {
        return settings;
    }

    /**
     * A new stream to the server.
     *
     * @return its encoder
     */
    Encoder encoder();

    /**
     * A new stream from the server.
     *
     * @return its decoder
     */
    Decoder decoder();

    /** Turns samples into bytes. */
    @FunctionalInterface
    interface Encoder extends AutoCloseable {
        /**
         * Takes samples.
         *
         * @param pcm 24 kHz, mono, in [-1, 1]; any number of them; not kept
         * @return the bytes that are complete, maybe none
         */
        byte[] encode(float[] pcm);

        /**
         * Completes the stream.
         *
         * @return its last bytes, maybe none
         */
        default byte[] end() {
            return new byte[0];
        }

        /** Releases what the encoder holds. */
        @Override
        default void close() {}
    }

    /** Turns bytes into samples. */
    @FunctionalInterface
    interface Decoder extends AutoCloseable {
        /**
         * Takes bytes.
         *
         * @param bytes the next of the stream, cut anywhere; not kept
         * @return the samples that are complete, maybe none: 24 kHz, mono, in [-1, 1]
         * @throws io.github.moshivis.errors.MediaException if they are no such stream
         */
        float[] decode(byte[] bytes);

        /** Releases what the decoder holds. */
        @Override
        default void close() {}
    }
}
