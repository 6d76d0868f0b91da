package io.github.moshivis.audio.opus;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Assembles the packets of one stream from its pages. Incomplete packets are dropped. */
public final class OggPackets {
    /** Maximum kept bytes of a packet; more than any audio packet has (RFC 7845, section 6). */
    public static final int MAX_KEPT = 61_440;

    /** Maximum length of a packet: comments with pictures are large, and skipped. RFC 7845 suggests 120 MiB. */
    static final int MAX_LENGTH = 16 << 20;

    private final String name;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private int length;
    private boolean begun;

    /**
     * Creates the assembler.
     *
     * @param name name of the stream, for messages
     */
    public OggPackets(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Returns the packets that end in a page.
     *
     * @param page the stream's next page
     * @return the packets in order; of one of more than {@link #MAX_KEPT} bytes, the first {@link #MAX_KEPT} + 1
     * @throws io.github.moshivis.errors.MediaException if a packet goes on for more bytes than comments may have
     */
    public List<byte[]> add(OggPage page) {
        if (!page.is(OggPage.CONTINUED) || !begun) {
            drop();
        }
        boolean dropping = page.is(OggPage.CONTINUED) && !begun;
        List<byte[]> packets = new ArrayList<>();
        int offset = 0;
        for (byte segment : page.lacing()) {
            int size = segment & 0xff;
            if (!dropping) {
                append(page.body(), offset, size);
                begun = true;
            }
            offset += size;
            if (size < OggPage.MAX_SEGMENTS) {
                if (!dropping) {
                    packets.add(partial.toByteArray());
                }
                dropping = false;
                drop();
            }
        }
        return packets;
    }

    private void append(byte[] body, int offset, int size) {
        partial.write(body, offset, Math.min(size, MAX_KEPT + 1 - partial.size()));
        length += size;
        if (length > MAX_LENGTH) {
            throw OpusErrors.bad(
                    name,
                    "a packet of more than " + MAX_LENGTH + " bytes",
                    "sound, and comments of at most that",
                    "remove the pictures from its comments");
        }
    }

    /** Drops the start of a packet that will not be completed. */
    private void drop() {
        partial.reset();
        length = 0;
        begun = false;
    }
}
