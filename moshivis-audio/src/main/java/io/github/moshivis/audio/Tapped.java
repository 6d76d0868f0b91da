package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Sources and sinks whose samples somebody sees on their way: after they were read, or before they are written. */
final class Tapped {
    private Tapped() {}

    /** Sees samples, and may change what was read. */
    interface Tap {
        void pass(float[] samples, int offset, int length);
    }

    static AudioSource source(AudioSource source, Tap tap) {
        Objects.requireNonNull(source, "source");
        return new AudioSource() {
            @Override
            public void open() throws IOException {
                source.open();
            }

            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                int count = source.read(buffer, offset, length);
                if (count > 0) {
                    tap.pass(buffer, offset, count);
                }
                return count;
            }

            @Override
            public Optional<Path> file() {
                return source.file();
            }

            @Override
            public boolean isLive() {
                return source.isLive();
            }

            @Override
            public void close() throws IOException {
                source.close();
            }
        };
    }

    static AudioSink sink(AudioSink sink, Tap tap) {
        Objects.requireNonNull(sink, "sink");
        return new AudioSink() {
            @Override
            public void open() throws IOException {
                sink.open();
            }

            @Override
            public void write(float[] samples, int offset, int length) throws IOException {
                tap.pass(samples, offset, length);
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
        };
    }
}
