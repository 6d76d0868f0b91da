package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OggPageWriter;
import io.github.moshivis.audio.opus.OpusCodec;
import io.github.moshivis.audio.opus.OpusHead;
import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Encodes 24 kHz mono as a stream of Opus in Ogg: takes samples, returns whole pages for a file or a network. The first bytes are the
 * header pages.
 *
 * <p>Granules count the samples at 48 kHz that a page completes; the header has the decoder's delay as pre-skip, and the last page has the
 * exact length. Follows RFC 7845.
 *
 * <p>Holds native memory until it is {@linkplain #close() closed}. Threads may share it, one at a time gets in.
 */
public final class OggOpusEncoder implements AutoCloseable {
    /** Samples at 48 kHz, the unit of granules, per sample at 24 kHz. */
    private static final int GRANULES = OpusHead.RATE / AudioSource.SAMPLE_RATE;

    private final OpusSettings settings;
    private final OpusCodec codec = OpusCodec.chosen();
    private final OpusCodec.Encoder encoder;
    private final OggPageWriter pages;
    private final int preSkip;
    private final float[] frame;
    private int filled;
    private int framesInPage;
    private long samples;
    private long encoded;
    private boolean begun;
    private boolean ended;
    private boolean closed;

    /**
     * Starts a stream with a random serial number.
     *
     * @param settings how to encode
     * @throws io.github.moshivis.errors.NativeException if libopus is asked for by the system property {@code moshivis.opus} and does
     *     not load
     */
    public OggOpusEncoder(OpusSettings settings) {
        this(settings, ThreadLocalRandom.current().nextInt());
    }

    /**
     * Begins a stream.
     *
     * @param settings how to encode
     * @param serial serial number of the stream in Ogg
     * @throws io.github.moshivis.errors.NativeException if libopus is asked for by the system property {@code moshivis.opus} and does
     *     not load
     */
    public OggOpusEncoder(OpusSettings settings, int serial) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.encoder = codec.encoder(settings.application().number(), settings.bitRate(), settings.complexity());
        this.pages = new OggPageWriter(serial);
        this.preSkip = encoder.lookahead() * GRANULES;
        this.frame = new float[settings.frameSamples()];
    }

    /**
     * Encodes samples.
     *
     * @param pcm any number of samples, 24 kHz, mono; values outside [-1, 1] are clipped, a NaN is silence; not kept
     * @return the completed pages, may be empty; the first call also returns the header pages
     * @throws IllegalStateException after {@link #end()} or {@link #close()}
     */
    public byte[] encode(float[] pcm) {
        Objects.requireNonNull(pcm, "pcm");
        return encode(pcm, 0, pcm.length);
    }

    /**
     * Encodes a part of an array; see {@link #encode(float[])}.
     *
     * @param pcm holds the samples; not kept
     * @param offset where they begin
     * @param length how many
     * @return the completed pages
     * @throws IndexOutOfBoundsException if they are not within the array
     */
    public synchronized byte[] encode(float[] pcm, int offset, int length) {
        Objects.requireNonNull(pcm, "pcm");
        Objects.checkFromIndexSize(offset, length, pcm.length);
        checkOpen();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        begin(out);
        for (int i = offset; i < offset + length; i++) {
            frame[filled++] = clipped(pcm[i]);
            if (filled == frame.length) {
                encodeFrame(out);
                if (framesInPage == settings.framesPerPage()) {
                    writePage(out);
                }
            }
        }
        samples += length;
        return out.toByteArray();
    }

    private static float clipped(float sample) {
        return Float.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample));
    }

    private void begin(ByteArrayOutputStream out) {
        if (!begun) {
            begun = true;
            pages.add(new OpusHead(1, preSkip, AudioSource.SAMPLE_RATE, 0).toBytes());
            out.writeBytes(pages.page(0, false));
            pages.add(OpusHead.tags(codec.name(), "ENCODER=moshivis"));
            out.writeBytes(pages.page(0, false));
        }
    }

    private void encodeFrame(ByteArrayOutputStream out) {
        byte[] packet = encoder.encode(frame);
        filled = 0;
        if (!pages.fits(packet)) {
            writePage(out);
        }
        pages.add(packet);
        encoded += frame.length;
        framesInPage++;
    }

    private void writePage(ByteArrayOutputStream out) {
        out.writeBytes(pages.page(encoded * GRANULES, false));
        framesInPage = 0;
    }

    /**
     * Ends the stream. Idempotent.
     *
     * @return the last pages; none at the second call
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized byte[] end() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (ended) {
            return out.toByteArray();
        }
        checkOpen();
        ended = true;
        begin(out);
        long length = preSkip + samples * GRANULES;
        while (encoded * GRANULES < length) { // at least once, because there is always a delay
            if (framesInPage == settings.framesPerPage()) {
                writePage(out);
            }
            Arrays.fill(frame, filled, frame.length, 0);
            encodeFrame(out);
        }
        out.writeBytes(pages.page(length, true));
        return out.toByteArray();
    }

    private void checkOpen() {
        if (closed || ended) {
            throw new IllegalStateException("The Opus encoder " + (closed ? "is closed" : "has ended")
                    + " and takes nothing more; use a new encoder for a new stream");
        }
    }

    /** Frees the native memory, without ending the stream; waits for a call that is running. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        encoder.close();
    }
}
