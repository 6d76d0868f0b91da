package io.github.moshivis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sources and sinks over others pass each call on. */
class ForwardingTest {
    private static final Path FILE = Path.of("talk.wav");

    private final List<String> calls = new ArrayList<>();

    @Test
    void aSourcePassesAllCallsOn() throws IOException {
        AudioSource inner = new AudioSource() {
            @Override
            public void open() {
                calls.add("open");
            }

            @Override
            public int read(float[] buffer, int offset, int length) {
                buffer[offset] = 0.5f;
                return 1;
            }

            @Override
            public boolean isLive() {
                return true;
            }

            @Override
            public Optional<Path> file() {
                return Optional.of(FILE);
            }

            @Override
            public void close() {
                calls.add("close");
            }

            @Override
            public String toString() {
                return "inner";
            }
        };
        float[] buffer = new float[2];
        try (AudioSource source = new ForwardingSource(inner) {}) {
            source.open();
            assertThat(source.read(buffer, 1, 1)).isEqualTo(1);
            assertThat(source.isLive()).isTrue();
            assertThat(source.file()).contains(FILE);
            assertThat(source).hasToString("inner");
        }
        assertThat(buffer).containsExactly(0, 0.5f);
        assertThat(calls).containsExactly("open", "close");
    }

    @Test
    void aSinkPassesAllCallsOn() throws IOException {
        AudioSink inner = new AudioSink() {
            @Override
            public void open() {
                calls.add("open");
            }

            @Override
            public void write(float[] samples, int offset, int length) {
                calls.add("write " + samples[offset] + " " + length);
            }

            @Override
            public Optional<Path> file() {
                return Optional.of(FILE);
            }

            @Override
            public void close() {
                calls.add("close");
            }

            @Override
            public String toString() {
                return "inner";
            }
        };
        try (AudioSink sink = new ForwardingSink(inner) {}) {
            sink.open();
            sink.write(new float[] {0, 0.25f}, 1, 1);
            assertThat(sink.file()).contains(FILE);
            assertThat(sink).hasToString("inner");
        }
        assertThat(calls).containsExactly("open", "write 0.25 1", "close");
    }

    @Test
    void nothingCannotBeWrapped() {
        assertThatNullPointerException()
                .isThrownBy(() -> new ForwardingSource(null) {})
                .withMessage("source");
        assertThatNullPointerException()
                .isThrownBy(() -> new ForwardingSink(null) {})
                .withMessage("sink");
    }
}
