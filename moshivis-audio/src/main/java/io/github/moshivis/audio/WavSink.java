package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A WAV file of 24 kHz; see {@link WavFile#sink(Path, PcmEncoding)}. Uses a {@link RandomAccessFile} instead of a channel, which an
 * interrupt would close: an interrupted conversation must complete its file.
 */
final class WavSink implements AudioSink {
    private final Path file;
    private final PcmEncoding encoding;
    private final int channels;
    /** One second: the size of a write, and the loss if the program dies. */
    private final ByteBuffer pending;

    private RandomAccessFile output;
    private long dataBytes;
    private boolean closed;

    WavSink(Path file, PcmEncoding encoding) {
        this(file, encoding, 1);
    }

    /** Creates a sink for interleaved samples of several channels. */
    WavSink(Path file, PcmEncoding encoding, int channels) {
        this.file = file.toAbsolutePath();
        this.encoding = Objects.requireNonNull(encoding, "encoding");
        this.channels = channels;
        this.pending = ByteBuffer.allocate(AudioSource.SAMPLE_RATE * channels * encoding.bytesPerSample());
    }

    @Override
    public synchronized void open() throws IOException {
        OneUse.checkNew(closed || output != null, subject(), "sink");
        try {
            output = new RandomAccessFile(file.toFile(), "rw");
        } catch (IOException e) {
            throw OneUse.cannotWrite("WAV", file, e);
        }
        output.setLength(0);
        output.write(header());
    }

    private String subject() {
        return "WAV file " + file;
    }

    private long end() {
        return header().length + dataBytes;
    }

    private byte[] header() {
        return new WavHeader(encoding, channels, AudioSource.SAMPLE_RATE, dataBytes).toBytes();
    }

    @Override
    public synchronized void write(float[] samples, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, samples.length);
        OneUse.checkWritable(output != null, closed, subject());
        int done = 0;
        while (done < length) {
            int count = Math.min(length - done, pending.remaining() / encoding.bytesPerSample());
            encoding.encode(samples, offset + done, count, pending);
            done += count;
            if (!pending.hasRemaining()) {
                flush();
            }
        }
    }

    /** Writes pending samples, then the header: the file is valid in both states. */
    private void flush() throws IOException {
        try {
            output.seek(end());
            output.write(pending.array(), 0, pending.position());
            dataBytes += pending.position();
            pending.clear();
            output.seek(0);
            output.write(header());
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write the WAV file " + file + ": found " + e.getMessage()
                            + ", expected space for more sound",
                    e);
        }
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(file);
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (output == null) {
            return;
        }
        try (RandomAccessFile closing = output) {
            flush();
            if (dataBytes % 2 != 0) {
                closing.seek(end());
                closing.write(0); // chunks have an even length
            }
        }
    }

    @Override
    public String toString() {
        return "WavFile.sink[" + file + "]";
    }
}
