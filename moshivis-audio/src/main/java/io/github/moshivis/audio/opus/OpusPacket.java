package io.github.moshivis.audio.opus;

/** Properties of a packet, from its first bytes (RFC 6716, section 3). */
public final class OpusPacket {
    /** Samples of 48 kHz in a packet at most: 120 ms. */
    public static final int MAX_SAMPLES = 5_760;

    /** Samples of 48 kHz in the shortest frame, 2.5 ms. */
    private static final int SHORTEST = 120;

    private OpusPacket() {}

    /**
     * Computes the duration of a packet.
     *
     * @param packet the packet
     * @return samples of 48 kHz, or 0 if it is no valid packet
     */
    public static int samples(byte[] packet) {
        if (packet.length == 0) {
            return 0;
        }
        int count = frames(packet);
        int samples = count * frameSamples((packet[0] & 0xff) >>> 3);
        return samples > MAX_SAMPLES ? 0 : samples;
    }

    private static int frames(byte[] packet) {
        return switch (packet[0] & 3) {
            case 0 -> 1;
            case 1, 2 -> 2;
            default -> packet.length < 2 ? 0 : packet[1] & 0x3f;
        };
    }

    /** Of one frame, by the configuration (table 2): SILK of 10 to 60 ms, hybrid of 10 or 20, CELT of 2.5 to 20. */
    private static int frameSamples(int configuration) {
        if (configuration >= 16) {
            return SHORTEST << configuration % 4;
        }
        if (configuration >= 12) {
            return 4 * SHORTEST << configuration % 2;
        }
        return configuration % 4 == 3 ? 24 * SHORTEST : 4 * SHORTEST << configuration % 4;
    }
}
