package io.github.moshivis.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A source over another one, which every call is passed on to. A subclass overrides what it changes. */
public abstract class ForwardingSource implements AudioSource {
    private final AudioSource source;

    /**
     * Wraps a source.
     *
     * @param source the source; owned, as it is closed with this one
     */
    protected ForwardingSource(AudioSource source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    @Override
    public void open() throws IOException {
        source.open();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        return source.read(buffer, offset, length);
    }

    @Override
    public boolean isLive() {
        return source.isLive();
    }

    @Override
    public Optional<Path> file() {
        return source.file();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** The wrapped source, as messages name it. */
    @Override
    public String toString() {
        return source.toString();
    }
}
