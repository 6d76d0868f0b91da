package io.github.moshivis.cli;

import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.TextPiece;
import io.github.moshivis.io.AudioSource;
import java.io.PrintWriter;
import java.util.Locale;
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
    private final long start;
    private final StringBuilder text = new StringBuilder();
    private long frames;

    /**
     * Starts to count the time.
     *
     * @param clock in nanoseconds
     */
    TalkProgress(PrintWriter out, StatusLine line, LongSupplier clock) {
        this(out, line, clock, null);
    }

    /**
     * Shows something else than how far it is.
     *
     * @param head what comes before the text, asked again and again
     */
    TalkProgress(PrintWriter out, StatusLine line, LongSupplier clock, Supplier<String> head) {
        this.out = out;
        this.line = line;
        this.clock = clock;
        this.head = head == null ? this::summary : head;
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
            out.println(StatusLine.printable(text).strip());
            out.println(outcome + ": " + summary());
        } else if (!text.isEmpty()) {
            out.println();
        }
        out.flush();
    }

    /** Returns the number of frames, and the speed in multiples of real time. */
    private String summary() {
        double seconds = (clock.getAsLong() - start) * SECONDS_PER_NANO;
        double factor = seconds > 0 ? frames * FRAME_SECONDS / seconds : 0;
        return String.format(
                Locale.ROOT, "%d frames (%.1f s), %.1fx real time", frames, frames * FRAME_SECONDS, factor);
    }
}
