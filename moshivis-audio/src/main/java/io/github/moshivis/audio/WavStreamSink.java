package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A WAV file of 24 kHz mono on a stream that cannot seek, with placeholder sizes in its header; see {@link WavFile}. */
final class WavStreamSink implements AudioSink {
    /** Represents a size that does not fit the header. */
    private static final long UNKNOWN_BYTES = 1L << 40;

    private final PcmEncoding encoding;
    private final String name;
    /** Null for a stream that the caller opened. */
    private final Path file;

    private OutputStream stream;
    private boolean open;
    private boolean closed;
    private long sinceFlush;

    /** Creates a sink for a pipe or device, opened with the sink. */
    WavStreamSink(Path file, PcmEncoding encoding) {
        this.encoding = Objects.requireNonNull(encoding, "encoding");
        this.file = file.toAbsolutePath();
        this.name = this.file.toString();
    }

    WavStreamSink(OutputStream stream, PcmEncoding encoding, String name) {
        this.encoding = Objects.requireNonNull(encoding, "encoding");
        this.file = null;
        this.name = Objects.requireNonNull(name, "name");
        this.stream = new BufferedOutputStream(Objects.requireNonNull(stream, "stream"));
    }

    @Override
    public synchronized void open() throws IOException {
        OneUse.checkNew(open || closed, subject(), "sink");
        if (file != null) {
            stream = openFile();
        }
        open = true;
        put(() -> stream.write(new WavHeader(encoding, 1, AudioSource.SAMPLE_RATE, UNKNOWN_BYTES).toBytes()));
    }

    /** Something that the stream does. */
    private interface Output {
        void run() throws IOException;
    }

    private void put(Output output) throws IOException {
        try {
            output.run();
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write the " + subject() + ": found " + e.getMessage()
                            + ", expected space for more sound, and a reader",
                    e);
        }
    }

    private String subject() {
        return "WAV stream " + name;
    }

    private OutputStream openFile() {
        try {
            return new BufferedOutputStream(Files.newOutputStream(file));
        } catch (IOException e) {
            throw new MediaException(
                    "Cannot write the WAV stream: found " + e.getMessage()
                            + ", expected a pipe or device that may be written;" + " check the path " + file,
                    e);
        }
    }

    @Override
    public synchronized void write(float[] samples, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, samples.length);
        OneUse.checkWritable(open, closed, subject());
        ByteBuffer bytes = ByteBuffer.allocate(length * encoding.bytesPerSample());
        encoding.encode(samples, offset, length, bytes);
        put(() -> stream.write(bytes.array()));
        sinceFlush += length;
        if (sinceFlush >= AudioSource.SAMPLE_RATE) {
            put(stream::flush);
            sinceFlush = 0;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            if (stream != null) {
                put(stream::close);
            }
        }
    }

    @Override
    public String toString() {
        return "WavFile.sink[" + name + "]";
    }
}
