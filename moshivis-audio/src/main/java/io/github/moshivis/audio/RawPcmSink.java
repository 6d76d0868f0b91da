package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A stream that takes samples, interleaved and at its own rate; see {@link RawPcm#sink}. */
final class RawPcmSink implements AudioSink {
    private final OutputStream out;
    private final PcmEncoding encoding;
    private volatile boolean closed;

    RawPcmSink(OutputStream out, PcmEncoding encoding) {
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
