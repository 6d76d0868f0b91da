package io.github.moshivis.audio.opus;

import java.io.ByteArrayOutputStream;

/** Writes the packets of one stream into pages; each packet fits a page. */
public final class OggPageWriter {
    private final int serial;
    private final ByteArrayOutputStream lacing = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int sequence;

    /**
     * Starts a stream.
     *
     * @param serial serial number, unique among streams in one file
     */
    public OggPageWriter(int serial) {
        this.serial = serial;
    }

    /**
     * Returns whether the current page has room for a packet.
     *
     * @param packet the packet
     * @return true if it can be {@linkplain #add added}
     */
    public boolean fits(byte[] packet) {
        return lacing.size() + packet.length / 255 + 1 <= OggPage.MAX_SEGMENTS;
    }

    /**
     * Adds a packet to the current page.
     *
     * @param packet the packet, which {@linkplain #fits fits}
     */
    public void add(byte[] packet) {
        if (!fits(packet)) {
            throw new IllegalStateException("A packet of " + packet.length + " bytes behind " + body.size()
                    + " others does not fit the page, expected at most " + OggPage.MAX_SEGMENTS
                    + " segments; take the page first");
        }
        for (int left = packet.length; left >= 255; left -= 255) {
            lacing.write(255);
        }
        lacing.write(packet.length % 255);
        body.writeBytes(packet);
    }

    /**
     * Completes the page.
     *
     * @param granule where the stream is after it
     * @param last whether it is the stream's last
     * @return the page's bytes
     */
    public byte[] page(long granule, boolean last) {
        int flags = (sequence == 0 ? OggPage.FIRST : 0) | (last ? OggPage.LAST : 0);
        OggPage page = new OggPage(flags, granule, serial, sequence++, lacing.toByteArray(), body.toByteArray());
        lacing.reset();
        body.reset();
        return page.toBytes();
    }
}
