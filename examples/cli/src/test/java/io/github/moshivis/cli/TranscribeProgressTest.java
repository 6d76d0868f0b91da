package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.transcript.Transcript;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are being transcribed, as a terminal shows them. */
class TranscribeProgressTest {
    private static final Path SOUND = Golden.path("stt/e2e/input.wav");
    private static final long SECOND = 1_000_000_000;

    private long now;
    private final StringWriter written = new StringWriter();
    private final StatusLine line = StatusLine.of(new PrintWriter(written), true, () -> now);

    private List<String> screen() {
        return Cli.screen(written);
    }

    private static Transcript half() throws IOException {
        return new Transcript(List.of(), SoundFile.duration(SOUND).orElseThrow().toMillis() / 2e3);
    }

    @Test
    void oneFileHasPercentageAndRemainingTime() throws IOException {
        TranscribeProgress progress = TranscribeProgress.of(List.of(SOUND), line, () -> now);
        now = 5 * SECOND;
        progress.advanced(SOUND, half());
        progress.show();
        assertThat(screen()).containsExactly("input.wav  50 %, 5 s left  ");
    }

    @Test
    void severalFilesHaveThemTogether(@TempDir Path directory) throws IOException {
        Path second = Files.copy(SOUND, directory.resolve("second.wav"));
        TranscribeProgress progress = TranscribeProgress.of(List.of(SOUND, second), line, () -> now);
        now = 9 * SECOND;
        progress.finished(SOUND);
        progress.advanced(second, half());
        progress.show();
        assertThat(screen()).containsExactly("second.wav  50 %  ", "1 of 2 files: 75 %, 3 s left");
    }
}
