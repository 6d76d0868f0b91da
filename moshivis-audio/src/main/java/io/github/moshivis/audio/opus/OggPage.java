package io.github.moshivis.audio.opus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A page of an Ogg stream (RFC 3533, section 6): the unit that carries a checksum.
 *
 * @param flags any of {@link #CONTINUED}, {@link #FIRST}, {@link #LAST}
 * @param granule where the stream is after the last packet that ends in this page, for Opus in samples of 48 kHz; {@link #NO_GRANULE}
 *     if none ends here
 * @param serial tells streams in one file apart
 * @param sequence the page's number in its stream, from 0
 * @param lacing the lengths of the body's segments, in unsigned bytes, at most {@link #MAX_SEGMENTS}: a packet is a run of 255s and
 *     one of less
 * @param body what the segments hold
 */
public record OggPage(int flags, long granule, int serial, int sequence, byte[] lacing, byte[] body) {
    /** The first packet began in an earlier page. */
    public static final int CONTINUED = 1;

    /** The first page of its stream. */
    public static final int FIRST = 2;

    /** The last page of its stream. */
    public static final int LAST = 4;

    /** No packet ends in the page. */
    public static final long NO_GRANULE = -1;

    /** Maximum segments of a page: their number is a byte. */
    public static final int MAX_SEGMENTS = 255;

    /** Bytes of a page without its segments. */
    static final int HEADER = 27;

    /** Bytes of the largest page. */
    static final int MAX_LENGTH = HEADER + MAX_SEGMENTS + MAX_SEGMENTS * 255;

    /** "OggS", as a little-endian number. */
    static final int MAGIC = 0x5367674f;

    static final int CHECKSUM_OFFSET = 22;
    static final int SEGMENTS_OFFSET = 26;

    private static final int POLYNOMIAL = 0x04c11db7;
    private static final int[] CHECKSUMS = new int[256];

    static {
        for (int i = 0; i < CHECKSUMS.length; i++) {
            int sum = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                sum = sum << 1 ^ (sum < 0 ? POLYNOMIAL : 0);
            }
            CHECKSUMS[i] = sum;
        }
    }

    /**
     * Returns whether a flag is set.
     *
     * @param flag one of the flags
     * @return true if it is
     */
    public boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Encodes the page.
     *
     * @return its bytes, with the checksum
     */
    public byte[] toBytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER + lacing.length + body.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC)
                .put((byte) 0)
                .put((byte) flags)
                .putLong(granule)
                .putInt(serial)
                .putInt(sequence);
        bytes.putInt(0).put((byte) lacing.length).put(lacing).put(body);
        bytes.putInt(CHECKSUM_OFFSET, checksum(bytes.array(), 0, bytes.capacity()));
        return bytes.array();
    }

    /** Computes the checksum of a page, ignoring the checksum field. */
    static int checksum(byte[] bytes, int start, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            boolean inField = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + 4;
            sum = sum << 8 ^ CHECKSUMS[sum >>> 24 ^ (inField ? 0 : bytes[start + i] & 0xff)];
        }
        return sum;
    }
}
