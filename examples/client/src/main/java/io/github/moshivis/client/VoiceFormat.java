package io.github.moshivis.client;

import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.audio.PcmEncoding;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encoding of speech in the bytes of {@link Message.Audio}. A format is immutable and shared by conversations; each creates its own encoder
 * and decoder, used by one thread at a time.
 */
public interface VoiceFormat {
    /**
     * Opus in Ogg, which all servers accept; encoded for low delay, and in the mode for general audio: models misunderstand speech in
     * Opus's voice mode (figures in {@code docs/evaluation.md}).
     */
    VoiceFormat OPUS = opus(OpusSettings.live());

    /** 16-bit integers, little-endian: for a server of this project, and for tests, because it is lossless. */
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
                private byte[] incomplete = new byte[0]; // bytes may be split inside a sample

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
     * Returns Opus in Ogg, which all servers accept.
     *
     * @param settings encoder settings
     * @return the format
     */
    static VoiceFormat opus(OpusSettings settings) {
        return new OpusFormat(settings);
    }

    /**
     * Requests this format from the server.
     *
     * @param settings other settings
     * @return settings with this format; unchanged for the default, Opus in Ogg
     */
    default ChatSettings announce(ChatSettings settings) {
        return settings;
    }

    /**
     * Creates a stream to the server.
     *
     * @return its encoder
     */
    Encoder encoder();

    /**
     * Creates a stream from the server.
     *
     * @return its decoder
     */
    Decoder decoder();

    /** Encodes samples. */
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
         * Ends the stream.
         *
         * @return its last bytes; may be empty
         */
        default byte[] end() {
            return new byte[0];
        }

        /** Releases the encoder. */
        @Override
        default void close() {}
    }

    /** Decodes samples. */
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

        /** Releases the decoder. */
        @Override
        default void close() {}
    }
}
