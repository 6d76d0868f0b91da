package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A WAV file as 24 kHz mono; see {@link WavFile#source}. */
final class WavSource implements AudioSource {
    private final Path file;
    private AudioSource sound;
    private volatile InputStream input;
    private volatile boolean closed;

    WavSource(Path file) {
        this.file = file.toAbsolutePath();
    }

    @Override
    public void open() throws IOException {
        if (closed || input != null) {
            throw new IllegalStateException(
                    "The WAV file " + file + " was opened before; make a new source for each use");
        }
        input = openFile();
        try {
            long size = Files.isRegularFile(file) ? Files.size(file) : Long.MAX_VALUE;
            WavHeader header = new WavHeaderReader(file.toString(), input, size).read();
            WavSamples samples = new WavSamples(file.toString(), input, header);
            sound = Resampled.from(header.rate(), header.channels(), samples);
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    private InputStream openFile() {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a directory");
            }
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new MediaException(
                    "Cannot open the WAV file " + file + ": found " + e + ", expected a readable file; check the path",
                    e);
        }
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        if (closed) {
            return -1;
        }
        if (sound == null) {
            throw new IllegalStateException("The WAV file " + file + " is not open; call open() before read()");
        }
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
    public void close() throws IOException {
        closed = true;
        InputStream opened = input;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public String toString() {
        return "WavFile.source[" + file + "]";
    }
}
