package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Samples without a header on byte streams: standard input and output, pipes, sockets. Formats other than 24 kHz mono are converted as in
 * {@link Resampled}.
 *
 * <pre>{@code
 * RawPcm format = new RawPcm(16_000, 1, PcmEncoding.SIGNED_16);
 * options.run(format.liveSource(System.in), format.sink(System.out));
 * }</pre>
 *
 * @param rate samples a second and channel, {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE}
 * @param channels their number, at least 1; samples of several are interleaved
 * @param encoding bytes of a sample
 */
public record RawPcm(int rate, int channels, PcmEncoding encoding) {
    /**
     * Checks that there is an encoding; rate and channels are checked by the sources and sinks.
     *
     * @param rate see above
     * @param channels see above
     * @param encoding see above
     */
    public RawPcm {
        Objects.requireNonNull(encoding, "encoding");
    }

    /**
     * Returns a source that is paused when the conversation cannot keep up, for a file or a program that can wait.
     *
     * <p>A {@code read} returns the available samples, and blocks if there are none. An incomplete sample at the end is dropped; a float
     * that is not finite gives a {@link io.github.moshivis.errors.MediaException}. Closing it closes the stream, and makes a blocked read
     * return if the stream's own closing does so: a socket's does, that of {@link System#in} does not.
     *
     * @param in the stream, owned by the result, buffered there
     * @return a source that is not live
     * @throws IllegalArgumentException if the rate or the number of channels is outside its limits
     */
    public AudioSource source(InputStream in) {
        return source(in, false);
    }

    /**
     * Returns a source like {@link #source} for audio that arrives in real time and is lost if it is not read.
     *
     * @param in the stream, owned by the result, buffered there
     * @return a live source
     * @throws IllegalArgumentException if the rate or the number of channels is outside its limits
     */
    public AudioSource liveSource(InputStream in) {
        return source(in, true);
    }

    private AudioSource source(InputStream in, boolean live) {
        return Resampled.from(rate, channels, new Source(in, encoding, live));
    }

    /**
     * Returns a sink that flushes the stream after each write and closes it in {@code close()}.
     *
     * @param out the stream, owned by the result
     * @return a sink
     * @throws IllegalArgumentException if the rate or the number of channels is outside its limits
     */
    public AudioSink sink(OutputStream out) {
        return Resampled.to(rate, channels, new Sink(out, encoding));
    }

    /** A stream's samples, interleaved and at their own rate; see {@link RawPcm#source}. */
    private static final class Source implements AudioSource {
        private static final int BLOCK_BYTES = 1 << 13;

        private final InputStream in;
        private final PcmEncoding encoding;
        private final boolean live;
        /** Bytes read but not yet returned, from 0 to its position. */
        private final ByteBuffer pending = ByteBuffer.allocate(BLOCK_BYTES);

        private volatile boolean closed;

        Source(InputStream in, PcmEncoding encoding, boolean live) {
            this.in = new HostStream(Objects.requireNonNull(in, "in"));
            this.encoding = encoding;
            this.live = live;
        }

        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            while (!closed && pending.position() < encoding.bytesPerSample()) {
                if (fill() < 0) {
                    return -1;
                }
            }
            if (closed) {
                return -1;
            }
            pending.flip();
            int samples = Math.min(length, pending.remaining() / encoding.bytesPerSample());
            encoding.decode(pending, buffer, offset, samples);
            pending.compact();
            for (int i = offset; i < offset + samples; i++) {
                if (!Float.isFinite(buffer[i])) {
                    throw new MediaException(
                            "Cannot use the raw PCM stream: found " + buffer[i] + " as a sample of " + encoding
                                    + ", expected finite numbers, nominally in [-1, 1]. Check that this is its encoding");
                }
            }
            return samples;
        }

        private int fill() throws IOException {
            try {
                int bytes = in.read(pending.array(), pending.position(), pending.remaining());
                pending.position(pending.position() + Math.max(0, bytes));
                return bytes;
            } catch (IOException e) {
                if (closed) {
                    return -1; // closed by another thread during the read
                }
                throw e;
            }
        }

        @Override
        public boolean isLive() {
            return live;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            in.close();
        }
    }

    /** A stream that takes samples, interleaved and at its own rate; see {@link RawPcm#sink}. */
    private static final class Sink implements AudioSink {
        private final OutputStream out;
        private final PcmEncoding encoding;
        private volatile boolean closed;

        Sink(OutputStream out, PcmEncoding encoding) {
            this.out = Objects.requireNonNull(out, "out");
            this.encoding = encoding;
        }

        @Override
        public void write(float[] samples, int offset, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length * encoding.bytesPerSample());
            encoding.encode(samples, offset, length, bytes);
            try {
                out.write(bytes.array());
                out.flush();
            } catch (IOException e) {
                if (!closed) {
                    throw e;
                }
            }
        }

        @Override
        public void close() throws IOException {
            closed = true;
            out.close();
        }
    }
}
