package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Opus in Ogg, pushed into a stream of bytes; see {@link OggOpus#sink}. */
final class OggOpusSink implements AudioSink {
    private final String name;
    /** Null for a stream. */
    private final Path file;

    private final OpusSettings settings;
    private final Supplier<OutputStream> opener;
    private final boolean mayBlock;
    /** Held while pages are encoded and written; {@link #close} does not wait for it if the holder may be blocked. */
    private final ReentrantLock writing = new ReentrantLock();

    private volatile OutputStream output;
    private volatile OggOpusEncoder encoder;
    private volatile boolean closed;

    OggOpusSink(String name, Path file, OpusSettings settings, boolean mayBlock, Supplier<OutputStream> opener) {
        this.name = name;
        this.file = file;
        this.mayBlock = mayBlock;
        this.settings = settings;
        this.opener = opener;
    }

    @Override
    public void open() {
        OneUse.checkNew(closed || output != null, subject(), "sink");
        output = opener.get();
        encoder = new OggOpusEncoder(settings);
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, samples.length);
        writing.lock();
        try {
            OneUse.checkWritable(encoder != null, closed, subject());
            put(encoder.encode(samples, offset, length));
        } finally {
            writing.unlock();
        }
    }

    private String subject() {
        return "Opus sound of " + name;
    }

    private void put(byte[] pages) throws IOException {
        if (pages.length > 0) {
            try {
                output.write(pages);
                output.flush();
            } catch (IOException e) {
                throw new IOException(
                        "Cannot write the Opus sound of " + name + ": found " + e.getMessage()
                                + ", expected space for more sound, and a reader",
                        e);
            }
        }
    }

    @Override
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    @Override
    public void close() throws IOException {
        boolean first = !closed;
        closed = true;
        if (!first && !mayBlock) {
            return;
        }
        try {
            if (first && encoder != null && mayWrite()) {
                try {
                    put(encoder.end());
                } finally {
                    writing.unlock();
                }
            }
        } finally {
            release();
        }
    }

    private boolean mayWrite() {
        if (mayBlock) {
            return writing.tryLock();
        }
        writing.lock();
        return true;
    }

    private void release() throws IOException {
        if (encoder != null) {
            encoder.close();
        }
        if (output != null) {
            output.close();
        }
    }

    @Override
    public String toString() {
        return "OggOpus.sink[" + name + "]";
    }
}
