package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OggPackets;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OggPageReader;
import io.github.moshivis.audio.opus.OpusCodec;
import io.github.moshivis.audio.opus.OpusErrors;
import io.github.moshivis.audio.opus.OpusHead;
import io.github.moshivis.io.AudioSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Opus in Ogg as it comes off a network, to 24 kHz mono: bytes in, in any pieces, sound out.
 *
 * <p>Any page cadence and any length of frames; stereo becomes mono by its mean; streams may follow one another. What a header says
 * of pre-skip and gain is done. Granules are ignored, as some senders count them wrongly; {@link OggOpus#source} minds them.
 *
 * <p>A page with a wrong checksum is skipped, a packet that is no Opus as well, and both are counted; for what is missing by the
 * pages' numbers, sound is made up, for a second at most, so that time goes on. What is not Ogg with Opus is refused, as is what
 * exceeds the format's limits, and more than {@value #MAX_SECONDS} seconds of sound in one call: a few hundred bytes can claim to be half a
 * minute of silence. After an exception the decoder is of no further use, but to be closed.
 *
 * <p>Follows RFC 3533 (Ogg), RFC 6716 (Opus) and RFC 7845 (Opus in Ogg). Holds native memory until it is {@linkplain #close()
 * closed}. Threads may share it, one at a time gets in.
 */
public final class OggOpusDecoder implements AutoCloseable {
    /** Seconds of sound at most that one call gives. */
    public static final int MAX_SECONDS = 120;

    static final int SAMPLE_RATE = AudioSource.SAMPLE_RATE;

    /** Bytes that are looked through at once. */
    private static final int PIECE = 1 << 15;

    private final String name;
    private final boolean trimsEnd;
    private final OpusCodec codec = OpusCodec.chosen();
    private final OggPageReader pages;
    private OpusLink link;
    private String otherCodec;
    private long damagedPackets;
    private boolean ended;
    private boolean closed;

    /**
     * Begins.
     *
     * @throws io.github.moshivis.errors.NativeException if libopus is asked for by the system property {@code moshivis.opus} and does
     *     not load
     */
    public OggOpusDecoder() {
        this("the stream", false);
    }

    /**
     * Begins with a file or a live stream.
     *
     * @param name what it is, for messages
     * @param trimsEnd whether the last page's granule says where the sound ends
     */
    OggOpusDecoder(String name, boolean trimsEnd) {
        this.name = name;
        this.trimsEnd = trimsEnd;
        this.pages = new OggPageReader(name);
    }

    /**
     * Takes bytes.
     *
     * @param bytes the next of the stream, any number; not kept
     * @return the sound that they completed: 24 kHz, mono, in [-1, 1] but for a little overshoot where it was resampled; often empty
     * @throws io.github.moshivis.errors.MediaException if this is not Ogg with Opus, or beyond a limit
     * @throws IllegalStateException after {@link #end()} or {@link #close()}
     */
    public float[] decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return decode(bytes, 0, bytes.length);
    }

    /**
     * Takes a part of an array; see {@link #decode(byte[])}.
     *
     * @param bytes holds the next bytes of the stream; not kept
     * @param offset where they begin
     * @param length how many
     * @return the sound that they completed
     * @throws IndexOutOfBoundsException if they are not within the array
     */
    public synchronized float[] decode(byte[] bytes, int offset, int length) {
        Objects.requireNonNull(bytes, "bytes");
        Objects.checkFromIndexSize(offset, length, bytes.length);
        checkOpen();
        Samples out = new Samples();
        for (int done = 0; done < length; done += PIECE) {
            pages.add(bytes, offset + done, Math.min(PIECE, length - done));
            for (OggPage page = pages.next(); page != null; page = pages.next()) {
                page(page, out);
                if (out.size() > MAX_SECONDS * SAMPLE_RATE) {
                    throw OpusErrors.bad(
                            name,
                            "more than " + MAX_SECONDS + " seconds of sound in " + length + " bytes",
                            "at most that in one call",
                            "decode it in smaller pieces");
                }
            }
        }
        return out.toArray();
    }

    private void page(OggPage page, Samples out) {
        if (page.is(OggPage.FIRST)) {
            begin(page, out);
        } else if (link == null) {
            throw OpusErrors.bad(
                    name,
                    otherCodec == null ? "sound before its header" : otherCodec,
                    "\"OpusHead\" in the first page",
                    "send the stream from its beginning, or convert it to Opus");
        } else if (page.serial() == link.serial() && !link.isEnded()) {
            link.page(page, out);
        }
    }

    /** A stream begins: after another's end or in its place, or beside the one that is already chosen. */
    private void begin(OggPage page, Samples out) {
        List<byte[]> packets = new OggPackets(name).add(page);
        if (packets.isEmpty() || !OpusHead.is(packets.get(0))) {
            String text = new String(page.body(), 0, Math.min(8, page.body().length), StandardCharsets.US_ASCII);
            otherCodec = "Ogg with something else (\"" + text.replaceAll("[^ -~]", "?") + "\")";
            return;
        }
        if (link != null && !link.hasBegun()) {
            return;
        }
        OpusHead head = OpusHead.read(name, packets.get(0));
        finishLink(out);
        link = new OpusLink(name, page, head, codec, trimsEnd);
    }

    private void finishLink(Samples out) {
        if (link != null) {
            link.end(out);
            damagedPackets += link.damaged();
            link.close();
            link = null;
        }
    }

    /**
     * Ends the stream. Idempotent.
     *
     * @return the sound that was held back until more would come, at most some milliseconds
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized float[] end() {
        if (!ended) {
            checkOpen();
        }
        ended = true;
        Samples out = new Samples();
        finishLink(out);
        return out.toArray();
    }

    /** Tells whether a stream of Opus has begun. */
    synchronized boolean hasHeader() {
        return link != null;
    }

    private void checkOpen() {
        if (closed || ended) {
            throw new IllegalStateException("The decoder of " + name + (closed ? " is closed" : " has ended")
                    + " and takes nothing more; use a new decoder for a new stream");
        }
    }

    /**
     * Counts how often bytes had to be skipped to find the next page with a right checksum.
     *
     * @return a number of stretches, each of one damaged page or more
     */
    public synchronized long damagedPages() {
        return pages.damaged();
    }

    /**
     * Counts packets that were no Opus, although their page's checksum is right.
     *
     * @return the number
     */
    public synchronized long damagedPackets() {
        return damagedPackets + (link == null ? 0 : link.damaged());
    }

    /** Frees the native memory; waits for a call that is running. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        if (link != null) {
            link.close();
        }
    }
}
