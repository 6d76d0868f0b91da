package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.test.CollectingSink;
import io.github.moshivis.test.MoshiVisTest;
import io.github.moshivis.test.ScriptedSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs samples of the guides on the toy model. */
@MoshiVisTest
class DocumentationSamplesTest {
    @TempDir
    private Path directory;

    @Test
    void recordingWritesSoundTranscriptAndTokens(MoshiVis model) {
        ScriptedSource user = ScriptedSource.script().tone(220, Duration.ofMillis(400));
        DocumentationSamples.recording(model, directory.resolve("talk.wav"), user, new CollectingSink());
        for (String name : List.of("talk.wav", "talk.json", "talk.safetensors")) {
            assertThat(directory.resolve(name)).isNotEmptyFile();
        }
    }

    @Test
    void lagIsTold(MoshiVis model) {
        CountDownLatch skipped = new CountDownLatch(1);
        List<String> told = new CopyOnWriteArrayList<>();
        try (Conversation conversation =
                DocumentationSamples.lag(model, new Microphone(skipped), new SlowSink(skipped), status -> {
                    told.add(status);
                    if (status.startsWith("SKIPPED")) {
                        skipped.countDown();
                    }
                })) {
            conversation.join();
        }
        assertThat(told).anyMatch(status -> status.startsWith("SKIPPED at frame "));
    }

    /** A live source of silence that never waits, until a frame was skipped. */
    private record Microphone(CountDownLatch skipped) implements AudioSource {
        @Override
        public int read(float[] buffer, int offset, int length) {
            return skipped.getCount() == 0 ? -1 : length;
        }

        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** A sink that takes nothing until a frame was skipped. */
    private record SlowSink(CountDownLatch skipped) implements AudioSink {
        @Override
        public void write(float[] samples, int offset, int length) {
            try {
                skipped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {}
    }
}
