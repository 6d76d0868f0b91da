package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A stream's samples, interleaved and at their own rate; see {@link RawPcm#source}. */
final class RawPcmSource implements AudioSource {
    private static final int BLOCK_BYTES = 1 << 13;

    private final InputStream in;
    private final PcmEncoding encoding;
    private final boolean live;
    /** Bytes that were read and not returned yet: from 0 to its position. */
    private final ByteBuffer pending = ByteBuffer.allocate(BLOCK_BYTES);

    private volatile boolean closed;

    RawPcmSource(InputStream in, PcmEncoding encoding, boolean live) {
        this.in = Objects.requireNonNull(in, "in");
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
