package io.github.moshivis.audio.opus;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.filetype.FileType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds pages in bytes that arrive in any pieces. Bytes that are not a page with a correct checksum are skipped and counted.
 *
 * <p>A damaged header can announce a page that is much too long, which would delay a live stream. So when a complete valid page follows
 * within an incomplete one, the incomplete one is dropped.
 */
public final class OggPageReader {
    /** Maximum bytes without a page: twice the largest page. */
    static final int MAX_SKIPPED = 2 * OggPage.MAX_LENGTH;

    private static final String REMEDY = "send or convert it as Opus sound in Ogg";

    private final String name;
    private ByteBuffer buffer = buffer(1 << 12);
    /** Position at which the next page may begin, and the end of the bytes. */
    private int start;

    private int end;
    /** Position from which to look for a page within the incomplete one at the start. */
    private int within;

    private boolean foundAny;
    private int skipped;
    private long damaged;

    /**
     * Creates the reader.
     *
     * @param name name of the stream, for messages
     */
    public OggPageReader(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Adds bytes; call {@link #next} next, until it returns null.
     *
     * @param bytes holds them; not kept
     * @param offset where they begin
     * @param length how many
     */
    public void add(byte[] bytes, int offset, int length) {
        if (end + length > buffer.capacity()) {
            int kept = end - start;
            ByteBuffer target = kept + length > buffer.capacity() ? buffer(2 * (kept + length)) : buffer;
            System.arraycopy(buffer.array(), start, target.array(), 0, kept);
            buffer = target;
            within -= start;
            end = kept;
            start = 0;
        }
        System.arraycopy(bytes, offset, buffer.array(), end, length);
        end += length;
    }

    /**
     * Returns the next page.
     *
     * @return the page, or null if more bytes are needed
     * @throws MediaException if the bytes do not begin as Ogg, or have no page for too long
     */
    public OggPage next() {
        checkBeginning();
        while (findStart()) {
            int length = length(start);
            if (length > end - start) {
                if (!skipToPageWithin()) {
                    return null;
                }
            } else if (isPage(start, length)) {
                return take(length);
            } else {
                skip(1);
            }
        }
        return null;
    }

    private void checkBeginning() {
        for (int i = 0; !foundAny && skipped == 0 && i < Math.min(4, end - start); i++) {
            if (buffer.get(start + i) != (byte) (OggPage.MAGIC >>> 8 * i)) {
                throw noOgg();
            }
        }
    }

    /** Names the type of the bytes if it is known. */
    private MediaException noOgg() {
        Optional<FileType> type = FileType.of(Arrays.copyOfRange(buffer.array(), start, end));
        return OpusErrors.bad(
                name,
                type.map(FileType::description)
                        .orElseGet(() -> "bytes that begin with " + text(start, Math.min(4, end - start))),
                "\"OggS\", as Ogg begins",
                type.flatMap(known -> known.remedy("sound")).orElse(REMEDY));
    }

    private String text(int from, int length) {
        StringBuilder hex = new StringBuilder("0x");
        StringBuilder ascii = new StringBuilder(" (\"");
        for (int i = from; i < from + length; i++) {
            int value = buffer.get(i) & 0xff;
            hex.append(String.format("%02x", value));
            ascii.append(value >= ' ' && value <= '~' ? (char) value : '?');
        }
        return hex.append(ascii).append("\")").toString();
    }

    /** Moves the start to the next magic number; false if there is none, or not enough bytes to tell. */
    private boolean findStart() {
        int at = find(start);
        if (at > start) {
            skip(at - start);
        }
        return end - start >= 4;
    }

    /** Finds the magic number from a position on, or else the position where it may begin: 3 bytes before the end. */
    private int find(int from) {
        int at = from;
        while (at + 4 <= end && buffer.getInt(at) != OggPage.MAGIC) {
            at++;
        }
        return at;
    }

    /** Returns the length in a page's header; more than the maximum if the header is incomplete, 0 if it is not a header. */
    private int length(int at) {
        int there = end - at;
        if (there >= 6 && (buffer.get(at + 4) != 0 || (buffer.get(at + 5) & 0xff) > 7)) {
            return 0;
        }
        if (there < OggPage.HEADER) {
            return Integer.MAX_VALUE;
        }
        int segments = buffer.get(at + OggPage.SEGMENTS_OFFSET) & 0xff;
        if (there < OggPage.HEADER + segments) {
            return Integer.MAX_VALUE;
        }
        int length = OggPage.HEADER + segments;
        for (int i = 0; i < segments; i++) {
            length += buffer.get(at + OggPage.HEADER + i) & 0xff;
        }
        return length;
    }

    private boolean isPage(int at, int length) {
        return length > 0
                && OggPage.checksum(buffer.array(), at, length) == buffer.getInt(at + OggPage.CHECKSUM_OFFSET);
    }

    private boolean skipToPageWithin() {
        for (within = find(Math.max(within, start + 1)); within + 4 <= end; within = find(within + 1)) {
            int length = length(within);
            if (length > end - within) {
                return false;
            }
            if (isPage(within, length)) {
                skip(within - start);
                return true;
            }
        }
        return false;
    }

    private OggPage take(int length) {
        int lacing = start + OggPage.HEADER;
        int body = lacing + (buffer.get(start + OggPage.SEGMENTS_OFFSET) & 0xff);
        OggPage page = new OggPage(
                buffer.get(start + 5),
                buffer.getLong(start + 6),
                buffer.getInt(start + 14),
                buffer.getInt(start + 18),
                Arrays.copyOfRange(buffer.array(), lacing, body),
                Arrays.copyOfRange(buffer.array(), body, start + length));
        start += length;
        foundAny = true;
        skipped = 0;
        return page;
    }

    private void skip(int count) {
        if (skipped == 0) {
            damaged++;
        }
        start += count;
        skipped += count;
        if (skipped > MAX_SKIPPED) {
            throw bad("no valid page in " + skipped + " bytes", "one in every " + OggPage.MAX_LENGTH + " at least");
        }
    }

    private MediaException bad(String found, String expected) {
        return OpusErrors.bad(name, found, expected, REMEDY);
    }

    /**
     * Returns how often bytes were skipped.
     *
     * @return the number of gaps between valid pages
     */
    public long damaged() {
        return damaged;
    }
}
