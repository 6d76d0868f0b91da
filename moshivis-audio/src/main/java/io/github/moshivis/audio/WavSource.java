package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A WAV file as 24 kHz mono; see {@link WavFile#source}. */
final class WavSource implements AudioSource {
    private final String name;
    /** Null for a stream that the caller opened. */
    private final Path file;

    private AudioSource sound;
    private volatile InputStream input;
    private volatile boolean closed;
    private InputStream unopened;

    WavSource(Path file) {
        this.file = file.toAbsolutePath();
        this.name = this.file.toString();
    }

    /** Creates a source of an open stream of unknown length. */
    WavSource(InputStream stream, String name) {
        this.file = null;
        this.name = name;
        this.unopened = new HostStream(stream);
    }

    @Override
    public void open() throws IOException {
        OneUse.checkNew(closed || input != null, subject(), "source");
        input = file == null ? unopened : OneUse.openToRead("WAV", file);
        try {
            WavHeader header = new WavHeaderReader(name, input, size()).read();
            WavSamples samples = new WavSamples(name, input, header);
            sound = Resampled.from(header.rate(), header.channels(), samples);
        } catch (IOException | RuntimeException | Error e) {
            input.close();
            throw e;
        }
    }

    private long size() throws IOException {
        return file != null && Files.isRegularFile(file) ? Files.size(file) : Long.MAX_VALUE;
    }

    /** Returns the duration in a file's header. */
    static Duration duration(Path file) throws IOException {
        WavSource source = new WavSource(file);
        try (InputStream input = OneUse.openToRead("WAV", source.file)) {
            WavHeader header = new WavHeaderReader(source.name, input, source.size()).read();
            long frames = header.dataBytes() / header.bytesPerFrame();
            return Duration.ofNanos(Math.round(1e9 * frames / header.rate()));
        }
    }

    private String subject() {
        return "WAV file " + name;
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        if (closed) {
            return -1;
        }
        OneUse.checkReadable(sound != null, subject());
        try {
            return sound.read(buffer, offset, length);
        } catch (IOException e) {
            if (closed) {
                return -1; // closed by another thread during the read
            }
            throw e;
        }
    }

    @Override
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        InputStream opened = input == null ? unopened : input;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public String toString() {
        return "WavFile.source[" + name + "]";
    }
}
