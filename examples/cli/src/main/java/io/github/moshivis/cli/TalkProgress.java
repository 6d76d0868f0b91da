package io.github.moshivis.cli;

import io.github.moshivis.Reply;
import io.github.moshivis.TextPiece;
import io.github.moshivis.io.AudioSource;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows a running conversation: on a terminal its progress and the latest text, elsewhere only the text. Used by one thread at a time.
 */
final class TalkProgress {
    private static final double FRAME_SECONDS = 1 / AudioSource.FRAME_RATE;
    private static final double SECONDS_PER_NANO = 1e-9;

    private final PrintWriter out;
    private final StatusLine line;
    private final LongSupplier clock;
    private final Supplier<String> head;
    private final TimeLeft timeLeft;
    private final long start;
    private final StringBuilder text = new StringBuilder();
    private long frames;

    /**
     * Starts the clock.
     *
     * @param clock in nanoseconds
     * @param duration duration of the user's audio; empty if unknown
     */
    TalkProgress(PrintWriter out, StatusLine line, LongSupplier clock, Optional<Duration> duration) {
        this(out, line, clock, null, duration);
    }

    /**
     * Shows other information than the progress.
     *
     * @param head text before the model's text, evaluated at each update
     */
    TalkProgress(PrintWriter out, StatusLine line, LongSupplier clock, Supplier<String> head) {
        this(out, line, clock, head, Optional.empty());
    }

    private TalkProgress(
            PrintWriter out, StatusLine line, LongSupplier clock, Supplier<String> head, Optional<Duration> duration) {
        this.out = TerminalWriter.of(out);
        this.line = line;
        this.clock = clock;
        this.head = head != null ? head : () -> duration.map(this::share).orElseGet(this::amount) + ", " + speed();
        this.timeLeft = new TimeLeft(clock);
        this.start = clock.getAsLong();
    }

    /** Called for each answered frame of the user. */
    void reply(Reply reply) {
        frames++;
        line.update(head.get() + "  ", text);
    }

    /** Text was said. */
    void text(TextPiece piece) {
        text.append(piece.text());
        if (!line.isVisible()) {
            out.print(piece.text());
            out.flush();
        }
    }

    /**
     * Ends the output. On a terminal, the whole text and the outcome replace the status line.
     *
     * @param outcome result of the conversation
     */
    void finish(String outcome) {
        line.clear();
        if (line.isVisible()) {
            out.println(TerminalWriter.line(text).strip());
            out.println(outcome + ": " + amount() + ", " + speed());
        } else if (!text.isEmpty()) {
            out.println();
        }
        out.flush();
    }

    private String share(Duration duration) {
        return timeLeft.text(frames * FRAME_SECONDS, 0, duration.toNanos() * SECONDS_PER_NANO);
    }

    private String amount() {
        return String.format(Locale.ROOT, "%d frames (%.1f s)", frames, frames * FRAME_SECONDS);
    }

    /** Returns the speed in multiples of real time. */
    private String speed() {
        double seconds = (clock.getAsLong() - start) * SECONDS_PER_NANO;
        double factor = seconds > 0 ? frames * FRAME_SECONDS / seconds : 0;
        return String.format(Locale.ROOT, "%.1fx real time", factor);
    }
}
