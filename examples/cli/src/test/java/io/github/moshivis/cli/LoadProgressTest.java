package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.io.ProgressListener.Progress;
import io.github.moshivis.io.ProgressListener.State;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is seen of a download: bars on a terminal, lines elsewhere. */
class LoadProgressTest {
    private static final long SECOND = 1_000_000_000;
    private static final long GB = 1_000_000_000;

    private final StringWriter written = new StringWriter();
    private final PrintWriter out = new PrintWriter(written);
    private long now;

    private LoadProgress progress(boolean terminal) {
        return new LoadProgress(StatusLine.of(out, terminal, () -> now));
    }

    private static Progress at(String name, long done, long total, double rate, State state) {
        return new Progress(name, done, total, rate, state);
    }

    /** The rows that were drawn last. */
    private List<String> screen() {
        return Cli.screen(written);
    }

    @Test
    void aTerminalShowsABarForEachFileAndOneForAll() {
        LoadProgress progress = progress(true);
        progress.advanced(at("moshika-vis.yaml", 1000, 1000, 0, State.DONE));
        progress.advanced(at("tokenizer-e351c8d8-checkpoint125.safetensors", 0, 400_000_000, 0, State.RUNNING));
        now += SECOND;
        progress.advanced(at("model.safetensors", 6 * GB, 15_600_000_000L, 50e6, State.RUNNING));

        assertThat(screen())
                .containsExactly(
                        "moshika-vis.yaml         [##############] 100 %  1.0 of 1.0 kB",
                        "tokenizer-e..safetensors [..............]   0 %  0.0 of 400.0 MB",
                        "model.safetensors        [#####.........]  38 %  6.0 of 15.6 GB",
                        "3 files, 3 min left      [#####.........]  37 %  6.0 of 16.0 GB  50.0 MB/s")
                .allMatch(row -> row.length() < 80);
    }

    @Test
    void theBarsAreRedrawnInPlaceAndStayAtTheEnd() {
        LoadProgress progress = progress(true);
        progress.advanced(at("a", 0, 10, 0, State.RUNNING));
        now += SECOND;
        progress.advanced(at("b", 0, 10, 0, State.RUNNING));
        now += SECOND;
        written.getBuffer().setLength(0);
        progress.advanced(at("a", 10, 10, 0, State.DONE));
        assertThat(written.toString()).as("up over b and the sum").startsWith("\r\u001b[2Aa ");

        progress.advanced(at("b", 10, 10, 0, State.DONE)); // too soon to be drawn
        written.getBuffer().setLength(0);
        progress.close();

        assertThat(screen()).hasSize(3).allMatch(row -> row.contains("100 %"));
        assertThat(written.toString()).endsWith(System.lineSeparator());
    }

    @Test
    void oneFileNeedsNoSum() {
        progress(true).advanced(at("model.safetensors", 5, 10, 3, State.RUNNING));

        assertThat(screen())
                .containsExactly("model.safetensors        [#######.......]  50 %  5 of 10 B, 2 s left  3 B/s");
    }

    @Test
    void aTotalThatIsNotKnownHasNoBar() {
        progress(true).advanced(at("model.safetensors", 5000, -1, 0, State.RUNNING));

        assertThat(screen()).containsExactly("model.safetensors         5.0 kB");
    }

    @Test
    void ofManyFilesThoseThatAreStillToComeAreShown() {
        LoadProgress progress = progress(true);
        for (int i = 0; i < 30; i++) {
            now += SECOND;
            progress.advanced(at("shard-" + i, i < 20 ? 1 : 0, 1, 0, i < 20 ? State.DONE : State.RUNNING));
        }

        assertThat(screen()).hasSize(13).last().asString().startsWith("30 files ");
        assertThat(screen().get(0)).startsWith("shard-18 ").contains("100 %");
        assertThat(screen().get(11)).startsWith("shard-29 ").contains("  0 %");
    }

    @Test
    void aTerminalThatCannotMoveItsCursorShowsTheSum() {
        assertThat(StatusLine.cursorMoves(Map.of("TERM", "xterm"))).isTrue();
        assertThat(StatusLine.cursorMoves(Map.of("TERM", "dumb"))).isFalse();
        assertThat(StatusLine.cursorMoves(Map.of("OS", "Windows_NT"))).isFalse();
        assertThat(StatusLine.cursorMoves(Map.of("OS", "Windows_NT", "WT_SESSION", "1")))
                .isTrue();
    }

    @Test
    void elsewhereThereIsALineNowAndThenAndOneAtTheEndOfAFile() {
        try (LoadProgress progress = progress(false)) {
            progress.advanced(at("a", 0, 10, 0, State.RUNNING));
            progress.advanced(at("model.safetensors", 0, 15 * GB, 0, State.RUNNING));
            progress.advanced(at("a", 10, 10, 0, State.DONE));
            for (int i = 1; i <= 25; i++) {
                now += SECOND;
                progress.advanced(at("model.safetensors", i * GB / 10, 15 * GB, 100e6, State.RUNNING));
            }
            progress.advanced(at("model.safetensors", 25 * GB / 10, 15 * GB, 100e6, State.FAILED));
        }

        assertThat(written.toString().lines())
                .containsExactly(
                        "a: done, 10 B",
                        "model.safetensors: 1.0 of 15.0 GB (6 %)  100.0 MB/s; in all 1.0 of 15.0 GB (6 %), 2 min left",
                        "model.safetensors: 2.0 of 15.0 GB (13 %)  100.0 MB/s; in all 2.0 of 15.0 GB (13 %), 2 min left",
                        "model.safetensors: stopped, 2.5 of 15.0 GB (16 %)");
    }

    @Test
    void rowsFitTheTerminalAndKeepWhatMatters() {
        for (int columns : List.of(80, 60)) {
            for (int files : List.of(1, 3)) {
                written.getBuffer().setLength(0);
                LoadProgress progress = new LoadProgress(StatusLine.of(out, columns, true, () -> now));
                for (int i = 0; i < files; i++) {
                    now += SECOND;
                    progress.advanced(
                            at("loading a-long-name-of-weights-" + i, 123 * GB, 999 * GB, 999.9e6, State.RUNNING));
                }
                assertThat(screen()).allMatch(row -> row.length() < columns).allMatch(row -> row.contains("12 %"));
                assertThat(String.join("", screen())).contains("min left");
            }
        }
    }

    @Test
    void nothingIsShownOfNothing() {
        progress(true).close();
        progress(false).close();

        assertThat(written.toString()).isEmpty();
    }

    @Test
    void bytesAreCountedInThousands() {
        assertThat(ByteCount.text(0)).isEqualTo("0 B");
        assertThat(ByteCount.text(999)).isEqualTo("999 B");
        assertThat(ByteCount.text(1000)).isEqualTo("1.0 kB");
        assertThat(ByteCount.text(999_960)).isEqualTo("1.0 MB");
        assertThat(ByteCount.text(15_612_345_678.0)).isEqualTo("15.6 GB");
        assertThat(ByteCount.text(0, 0)).isEqualTo("0 of 0 B");
        assertThat(ByteCount.text(2_000_000, 15_600_000_000.0)).isEqualTo("0.0 of 15.6 GB");
    }
}
