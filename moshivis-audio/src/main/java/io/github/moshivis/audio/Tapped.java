package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSink;
import io.github.moshivis.io.ForwardingSource;
import java.io.IOException;

/** Sources and sinks with a tap, which receives the samples after they were read or before they are written. */
final class Tapped {
    private Tapped() {}

    /** Receives samples, and may change those that were read. */
    interface Tap {
        void pass(float[] samples, int offset, int length);
    }

    static AudioSource source(AudioSource source, Tap tap) {
        return new ForwardingSource(source) {
            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                if (count > 0) {
                    tap.pass(buffer, offset, count);
                }
                return count;
            }
        };
    }

    static AudioSink sink(AudioSink sink, Tap tap) {
        return new ForwardingSink(sink) {
            @Override
            public void write(float[] samples, int offset, int length) throws IOException {
                tap.pass(samples, offset, length);
                super.write(samples, offset, length);
            }
        };
    }
}
