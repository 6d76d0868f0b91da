package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Reply;
import io.github.moshivis.TextPiece;
import io.github.moshivis.audio.LevelMeter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person at a terminal sees, and what a pipe gets. */
class StatusLineTest {
    private static final long SECOND = 1_000_000_000;
    private static final Reply.Times TIMES = new Reply.Times(1, 2, 3, 4, 10);

    private final StringWriter written = new StringWriter();
    private final PrintWriter out = new PrintWriter(written);
    private long now;

    @Test
    void rewritesOneLine() {
        StatusLine line = StatusLine.of(out, true, () -> now);

        line.update("a long line", "");
        now += SECOND;
        line.update("short", "");
        line.clear();

        assertThat(written).hasToString("\ra long line" + "\rshort      " + "\r     \r");
    }

    @Test
    void isQuietWhereThereIsNoTerminal() {
        StatusLine line = StatusLine.of(out, false, () -> now);

        line.update("anything", "at all");
        line.clear();

        assertThat(written.toString()).isEmpty();
    }

    @Test
    void isNotWrittenMoreThanTenTimesASecond() {
        StatusLine line = StatusLine.of(out, true, () -> now);

        for (int i = 0; i < 1000; i++) {
            line.update("x", "");
            now += SECOND / 1000;
        }

        assertThat(written.toString().chars().filter(c -> c == '\r')).hasSize(10);
    }

    @Test
    void showsTheEndOfALongTextWithinTheWidthOfATerminal() {
        StatusLine line = StatusLine.of(out, true, () -> now);

        line.update("head ", "x".repeat(500) + "end");
        assertThat(written.toString().strip())
                .startsWith("head xxx")
                .endsWith("xend")
                .hasSize(79);

        now += SECOND;
        written.getBuffer().setLength(0);
        line.update("head ", "\u6d77".repeat(500));
        assertThat(written.toString().strip())
                .as("wide characters take two columns")
                .hasSize(5 + 37);
    }

    @Test
    void letsNoTextMoveTheCursor() {
        StatusLine line = StatusLine.of(out, true, () -> now);

        line.update("", "a\u001b[2Jb\nc\u202ed");

        assertThat(written).hasToString("\ra [2Jb c d");
    }

    @Test
    void aTerminalShowsHowFarAConversationIsAndThenAllOfItsText() {
        TalkProgress progress = new TalkProgress(out, StatusLine.of(out, true, () -> now), () -> now, Optional.empty());

        now = SECOND / 50;
        progress.text(new TextPiece(0, 5, "\u2581hello", " hello", 0));
        progress.reply(new Reply(0, new int[8], false, TIMES, Optional.empty()));
        assertThat(written).hasToString("\r1 frames (0.1 s), 4.0x real time   hello");

        written.getBuffer().setLength(0);
        progress.finish("Wrote answer.wav");
        assertThat(written.toString()).startsWith("\r ").contains(" \rhello" + System.lineSeparator());
        assertThat(written.toString()).contains("answer.wav: 1 frames (0.1 s), 4.0x real time");
    }

    @Test
    void percentageAndRemainingTimeAreShownWhereTheDurationIsKnown() {
        TalkProgress progress = new TalkProgress(
                out, StatusLine.of(out, true, () -> now), () -> now, Optional.of(Duration.ofMillis(320)));

        now = 2 * SECOND;
        progress.reply(new Reply(0, new int[8], false, TIMES, Optional.empty()));
        assertThat(written).hasToString("\r25 %, 6 s left, 0.0x real time  ");
    }

    @Test
    void nothingIsWiderThanTheTerminal() {
        for (int columns : List.of(80, 60)) {
            for (boolean cursorMoves : List.of(true, false)) {
                written.getBuffer().setLength(0);
                StatusLine line = StatusLine.of(out, columns, cursorMoves, () -> now);
                line.update(List.of("\u6d77".repeat(70) + "x", "a".repeat(300)));
                now += SECOND;
                line.update("h".repeat(100), "tail");
                now += SECOND;
                line.update("head ", "\ud83d\ude00".repeat(100));
                assertThat(written.toString()
                                .replaceAll("\u001b\\[[0-9]*[AJK]", "")
                                .split("[\r\n]"))
                        .allMatch(row -> row.codePoints()
                                        .map(character -> character < 0x300 ? 1 : 2)
                                        .sum()
                                < columns);
            }
        }
    }

    @Test
    void remainingTimeIsThatOfTheSpeedSoFar() {
        TimeLeft left = new TimeLeft(() -> now);
        assertThat(left.text(0, 0, 10)).isEqualTo("0 %");
        now = 60 * SECOND;
        assertThat(left.text(1, 0, 10)).isEqualTo("10 %, 9 min left");
        assertThat(left.text(6, 5, 10)).as("five were done before").isEqualTo("60 %, 4 min left");
        assertThat(left.text(0.1, 0, 10)).isEqualTo("1 %, 1.7 h left");
        assertThat(left.text(12, 0, 10)).as("more than was said").isEqualTo("100 %, 0 s left");
    }

    @Test
    void aTerminalShowsSomethingElseBesideTheTextIfThereIs() {
        TalkProgress progress = new TalkProgress(out, StatusLine.of(out, true, () -> now), () -> now, () -> "loud");

        progress.text(new TextPiece(0, 5, "\u2581hello", " hello", 0));
        progress.reply(new Reply(0, new int[8], false, TIMES, Optional.empty()));
        assertThat(written).hasToString("\rloud   hello");
    }

    @Test
    void aLevelIsABarOfSixtyDecibels() {
        assertThat(TalkCommand.bar(LevelMeter.Level.SILENCE)).isEqualTo("[        ]");
        assertThat(TalkCommand.bar(new LevelMeter.Level(-90, -80))).isEqualTo("[        ]");
        assertThat(TalkCommand.bar(new LevelMeter.Level(-30, -20))).isEqualTo("[####    ]");
        assertThat(TalkCommand.bar(new LevelMeter.Level(-0.1, 0.5))).isEqualTo("[########!");
    }

    @Test
    void aPipeGetsTheTextAsItIsSaidAndNothingElse() {
        TalkProgress progress =
                new TalkProgress(out, StatusLine.of(out, false, () -> now), () -> now, Optional.empty());

        progress.text(new TextPiece(0, 5, "\u2581hello", " hello", 0));
        assertThat(written).hasToString(" hello");
        progress.reply(new Reply(0, new int[8], false, TIMES, Optional.empty()));
        progress.finish("Wrote answer.wav");

        assertThat(written).hasToString(" hello" + System.lineSeparator());
    }
}
