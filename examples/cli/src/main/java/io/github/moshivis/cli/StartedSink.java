package io.github.moshivis.cli;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.ForwardingSink;
import java.io.IOException;

/** A sink that is opened with the first sound, so that a conversation that does not start leaves no file and replaces none. */
final class StartedSink extends ForwardingSink {
    private boolean started;

    StartedSink(AudioSink sink) {
        super(sink);
    }

    @Override
    public void open() {
        // With the first sound.
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        if (!started) {
            super.open();
            started = true;
        }
        super.write(samples, offset, length);
    }
}
