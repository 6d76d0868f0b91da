package io.github.moshivis.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A sink over another one, which every call is passed on to. A subclass overrides what it changes. */
public abstract class ForwardingSink implements AudioSink {
    private final AudioSink sink;

    /**
     * Wraps a sink.
     *
     * @param sink the sink; owned, as it is closed with this one
     */
    protected ForwardingSink(AudioSink sink) {
        this.sink = Objects.requireNonNull(sink, "sink");
    }

    @Override
    public void open() throws IOException {
        sink.open();
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        sink.write(samples, offset, length);
    }

    @Override
    public Optional<Path> file() {
        return sink.file();
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }

    /** The wrapped sink, as messages name it. */
    @Override
    public String toString() {
        return sink.toString();
    }
}
