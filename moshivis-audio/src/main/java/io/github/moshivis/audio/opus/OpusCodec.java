package io.github.moshivis.audio.opus;

import io.github.moshivis.errors.NativeException;
import java.util.OptionalInt;

/** An implementation of Opus. Encodes one channel. */
public interface OpusCodec {
    /** System property with the implementation to use: {@code native}, {@code java}, or by default the first that works. */
    String PROPERTY = "moshivis.opus";

    /** System property of opus-java with the path of libopus. If the host does not set it, opus-java sets it to its own copy. */
    String LIBRARY_PROPERTY = "opus.lib";

    /** Maximum bytes of a packet with one frame of at most 20 ms, or of 60 in three (RFC 6716, section 3.2.1), with its first byte. */
    int MAX_PACKET = 3 * 1_275 + 1;

    /**
     * Returns the implementation to use, by the system property {@value #PROPERTY}.
     *
     * @return libopus if it loads and the property does not say {@code java}, else the one in Java
     * @throws NativeException if the property says {@code native} and libopus does not load
     * @throws IllegalStateException if the property says something else
     */
    static OpusCodec chosen() {
        String choice = System.getProperty(PROPERTY, "");
        return switch (choice) {
            case "" -> LibOpus.failure().isEmpty() ? new LibOpus() : new JavaOpus();
            case "java" -> new JavaOpus();
            case "native" -> {
                LibOpus.failure().ifPresent(cause -> {
                    throw new NativeException(LibOpus.explain(cause), cause);
                });
                yield new LibOpus();
            }
            default ->
                throw new IllegalStateException("Cannot choose an implementation of Opus: found -D" + PROPERTY + "="
                        + choice + ", expected native, java, or nothing; correct it");
        };
    }

    /**
     * Returns the name and version of the implementation.
     *
     * @return such as "libopus 1.1.2"
     */
    String name();

    /**
     * A new decoder.
     *
     * @param channels 1, to which stereo is mixed, or 2, in both of which mono is heard
     * @return owned by the caller
     */
    Decoder decoder(int channels);

    /**
     * Creates an encoder of 24 kHz.
     *
     * @param application 2048, 2049 or 2051, as in libopus
     * @param bitRate bits a second, or the codec's default
     * @param complexity 0 to 10
     * @return owned by the caller
     */
    Encoder encoder(int application, OptionalInt bitRate, int complexity);

    /** Decodes the packets of one stream. */
    interface Decoder extends AutoCloseable {
        /**
         * Returns the output rate.
         *
         * @return Hz, a divisor of 48,000
         */
        int rate();

        /**
         * Decodes a packet.
         *
         * @param packet one whose {@link OpusPacket#samples} are more than 0
         * @param pcm receives the sound, interleaved, with room for {@link OpusPacket#MAX_SAMPLES} of each channel
         * @return how many samples of each channel, or -1 if the packet is invalid
         */
        int decode(byte[] packet, float[] pcm);

        /**
         * Conceals a lost packet.
         *
         * @param samples number at this decoder's rate, a multiple of 2.5 ms, at most 120 ms
         * @param pcm receives the sound, interleaved
         */
        void conceal(int samples, float[] pcm);

        /** Frees it. Idempotent; any other call after it throws IllegalStateException. */
        @Override
        void close();
    }

    /** Encodes one stream. */
    interface Encoder extends AutoCloseable {
        /**
         * Returns the delay of the decoder's output.
         *
         * @return samples of 24 kHz
         */
        int lookahead();

        /**
         * Encodes a packet.
         *
         * @param pcm its samples: 2.5, 5, 10, 20, 40 or 60 ms at 24 kHz, in [-1, 1]
         * @return the packet
         */
        byte[] encode(float[] pcm);

        /** Frees it. Idempotent; any other call after it throws IllegalStateException. */
        @Override
        void close();
    }
}
