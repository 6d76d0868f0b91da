package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.SpeechToText;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.programs.ToyDemo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the samples of speech to text on a random model. */
class TranscriptionSamplesTest {
    @TempDir
    static Path directory;

    private static Path model;

    private final Path clip = new ToyDemo().clip();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @BeforeAll
    static void makeAModel() {
        model = Checkpoint.random(Checkpoint.Size.STT_TINY, 1, directory.resolve("stt"));
    }

    @Test
    void subtitles() throws IOException {
        Path subtitles = directory.resolve("clip.srt");
        TranscriptionSamples.subtitles(model, clip, subtitles);
        assertThat(subtitles).content().startsWith("1\n00:00:0");
    }

    @Test
    void live() {
        try (SpeechToText stt = SpeechToText.load(model)) {
            TranscriptionSamples.live(stt, SoundFile.source(clip), out);
        }
        assertThat(written.toString(StandardCharsets.UTF_8)).contains(" s  ");
    }

    @Test
    void steps() {
        List<float[]> frames = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            frames.add(new float[1920]);
        }
        try (SpeechToText stt = SpeechToText.load(model)) {
            TranscriptionSamples.steps(stt, frames, out);
        }
        assertThat(written.toString(StandardCharsets.UTF_8)).isNotBlank();
    }

    @Test
    void beside() {
        AudioSink nowhere = new AudioSink() {
            @Override
            public void write(float[] buffer, int offset, int length) {}

            @Override
            public void close() {}
        };
        TranscriptionSamples.beside(new ToyDemo().model(), model, SoundFile.source(clip), nowhere, out);
        assertThat(written.toString(StandardCharsets.UTF_8)).contains("user: ");
    }
}
