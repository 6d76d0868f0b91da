package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OggPackets;
import io.github.moshivis.audio.opus.OggPage;
import io.github.moshivis.audio.opus.OggPageReader;
import io.github.moshivis.audio.opus.OpusCodec;
import io.github.moshivis.audio.opus.OpusErrors;
import io.github.moshivis.audio.opus.OpusHead;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.util.List;
import java.util.Objects;

/**
 * Decodes Opus in Ogg from a network to 24 kHz mono: takes bytes in any pieces, returns samples.
 *
 * <p>Any page cadence and any length of frames; stereo is mixed to mono; streams may be chained. Pre-skip and gain are applied. Granules
 * are ignored, since some senders count them wrongly; {@link OggOpus#source} uses them.
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
    /** Maximum seconds of audio per call. */
    public static final int MAX_SECONDS = 120;

    static final int SAMPLE_RATE = AudioSource.SAMPLE_RATE;

    /** Bytes to parse at a time. */
    private static final int PIECE = 1 << 15;

    private final String name;
    private final int channel;
    private final boolean trimsEnd;
    private final OpusCodec codec = OpusCodec.chosen();
    private final OggPageReader pages;
    private OpusLink link;
    private int channels;
    /** First page of a stream of another codec. */
    private OggPage other;

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
        this("the stream", OpusLink.MIX, false);
    }

    /**
     * Starts with a file or a live stream.
     *
     * @param name name for messages
     * @param channel 0 for the left channel, 1 for the right one, or {@link OpusLink#MIX}
     * @param trimsEnd whether the granule of the last page gives the end of the audio
     */
    OggOpusDecoder(String name, int channel, boolean trimsEnd) {
        this.name = name;
        this.channel = channel;
        this.trimsEnd = trimsEnd;
        this.pages = new OggPageReader(name);
    }

    /**
     * Decodes bytes.
     *
     * @param bytes the next bytes of the stream, any number; not kept
     * @return the completed samples: 24 kHz, mono, in [-1, 1] except for a slight overshoot after resampling; often empty
     * @throws MediaException if this is not Ogg with Opus, or beyond a limit
     * @throws IllegalStateException after {@link #end()} or {@link #close()}
     */
    public float[] decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return decode(bytes, 0, bytes.length);
    }

    /**
     * Decodes a part of an array; see {@link #decode(byte[])}.
     *
     * @param bytes holds the next bytes of the stream; not kept
     * @param offset where they begin
     * @param length how many
     * @return the completed samples
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
            throw OpusErrors.noHead(name, other, "sound before its header", "send the stream from its beginning");
        } else if (page.serial() == link.serial() && !link.isEnded()) {
            link.page(page, out);
        }
    }

    /** Starts a stream: after another one or in its place, or in parallel to the chosen one. */
    private void begin(OggPage page, Samples out) {
        List<byte[]> packets = new OggPackets(name).add(page);
        if (packets.isEmpty() || !OpusHead.is(packets.get(0))) {
            other = page;
            return;
        }
        if (link != null && !link.hasBegun()) {
            return;
        }
        OpusHead head = OpusHead.read(name, packets.get(0));
        finishLink(out);
        link = new OpusLink(name, page, head, codec, channel, trimsEnd);
        channels = head.channels();
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
     * @return the remaining samples, at most some milliseconds
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

    /** Refusal of a stream that ended without a header of Opus. */
    synchronized MediaException withoutHeader() {
        return OpusErrors.noHead(name, other, "its end before a header", "check the recording");
    }

    /** Returns whether a header of Opus was read. */
    synchronized boolean hasHeader() {
        return link != null;
    }

    /** Returns the number of channels by the last header; 0 before it. */
    synchronized int channels() {
        return channels;
    }

    private void checkOpen() {
        if (closed || ended) {
            throw new IllegalStateException("The decoder of " + name + (closed ? " is closed" : " has ended")
                    + " and takes nothing more; use a new decoder for a new stream");
        }
    }

    /**
     * Returns how often bytes were skipped to find the next page with a correct checksum.
     *
     * @return a number of gaps, each of one damaged page or more
     */
    public synchronized long damagedPages() {
        return pages.damaged();
    }

    /**
     * Returns the number of invalid packets in pages with a correct checksum.
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
