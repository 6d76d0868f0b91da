package io.github.moshivis.cli;

import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.TextPiece;
import io.github.moshivis.io.AudioSource;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows a conversation while it goes on: on a terminal how far it is and the end of what was said, elsewhere just the text. Used
 * by one thread at a time.
 */
final class TalkProgress {
    private static final double FRAME_SECONDS = (double) Session.FRAME_SAMPLES / AudioSource.SAMPLE_RATE;
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
     * Starts to count the time.
     *
     * @param clock in nanoseconds
     * @param duration of what the user says; empty if it is not known
     */
    TalkProgress(PrintWriter out, StatusLine line, LongSupplier clock, Optional<Duration> duration) {
        this(out, line, clock, null, duration);
    }

    /**
     * Shows something else than how far it is.
     *
     * @param head what comes before the text, asked again and again
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

    /** A frame of the user was answered. */
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
     * The conversation has ended. On a terminal, the line gives way to the whole text and to what became of the conversation.
     *
     * @param outcome what became of it
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

    /** The speed in multiples of real time. */
    private String speed() {
        double seconds = (clock.getAsLong() - start) * SECONDS_PER_NANO;
        double factor = seconds > 0 ? frames * FRAME_SECONDS / seconds : 0;
        return String.format(Locale.ROOT, "%.1fx real time", factor);
    }
}
