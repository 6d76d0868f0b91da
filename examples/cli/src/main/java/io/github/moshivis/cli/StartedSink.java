package io.github.moshivis.cli;

import io.github.moshivis.io.AudioSink;
import java.io.IOException;

/** A sink that is opened with the first sound, so that a conversation that does not start leaves no file and replaces none. */
final class StartedSink implements AudioSink {
    private final AudioSink sink;
    private boolean started;

    StartedSink(AudioSink sink) {
        this.sink = sink;
    }

    @Override
    public void open() {
        // With the first sound.
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        if (!started) {
            sink.open();
            started = true;
        }
        sink.write(samples, offset, length);
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
