package io.github.moshivis.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Contents of the header of a WAV file.
 *
 * @param encoding encoding of a sample
 * @param channels interleaved, at least 1
 * @param rate samples a second and channel
 * @param dataBytes size of the audio, a whole number of samples of all channels, or {@link #TO_END_OF_FILE}
 */
record WavHeader(PcmEncoding encoding, int channels, int rate, long dataBytes) {
    /** The size is unknown: the audio extends to the end of the file. */
    static final long TO_END_OF_FILE = -1;

    /** Conventional size field of programs that could not go back to fill it in. */
    static final long SIZE_LEFT_OPEN = 0xffff_ffffL;

    /** Format tags, from the registry of RFC 2361. */
    static final int FORMAT_PCM = 1;

    static final int FORMAT_IEEE_FLOAT = 3;

    static final int FORMAT_A_LAW = 6;

    static final int FORMAT_MU_LAW = 7;

    private static final int CHUNK_HEADER = 8;

    /** One sample of each channel. */
    int bytesPerFrame() {
        return channels * encoding.bytesPerSample();
    }

    /**
     * Returns the header as bytes, everything before the audio. Encodings other than integers have the longer format chunk and the "fact"
     * chunk that the format requires. Sizes that do not fit 32 bits are left open.
     */
    byte[] toBytes() {
        int tag = formatTag();
        boolean isExtended = tag != FORMAT_PCM;
        int formatBytes = isExtended ? 18 : 16;
        int factBytes = isExtended ? CHUNK_HEADER + 4 : 0;
        int length = CHUNK_HEADER + 4 + CHUNK_HEADER + formatBytes + factBytes + CHUNK_HEADER;
        long riffBytes = length - CHUNK_HEADER + dataBytes + dataBytes % 2;
        boolean fits = riffBytes < SIZE_LEFT_OPEN;

        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        chunk(header, "RIFF", fits ? riffBytes : SIZE_LEFT_OPEN);
        header.put(ascii("WAVE"));
        chunk(header, "fmt ", formatBytes);
        header.putShort((short) tag);
        header.putShort((short) channels);
        header.putInt(rate);
        header.putInt(rate * bytesPerFrame());
        header.putShort((short) bytesPerFrame());
        header.putShort((short) (encoding.bytesPerSample() * Byte.SIZE));
        if (isExtended) {
            header.putShort((short) 0); // no extension
            chunk(header, "fact", 4);
            header.putInt((int) (fits ? dataBytes / bytesPerFrame() : SIZE_LEFT_OPEN));
        }
        chunk(header, "data", fits ? dataBytes : SIZE_LEFT_OPEN);
        return header.array();
    }

    private int formatTag() {
        return switch (encoding) {
            case UNSIGNED_8, SIGNED_16, SIGNED_24, SIGNED_32 -> FORMAT_PCM;
            case FLOAT_32, FLOAT_64 -> FORMAT_IEEE_FLOAT;
            case MU_LAW -> FORMAT_MU_LAW;
            case A_LAW -> FORMAT_A_LAW;
        };
    }

    private static void chunk(ByteBuffer header, String id, long length) {
        header.put(ascii(id)).putInt((int) length);
    }

    private static byte[] ascii(String id) {
        return id.getBytes(StandardCharsets.US_ASCII);
    }
}
