package io.github.moshivis.cli;

import io.github.moshivis.client.ChatListener;
import io.github.moshivis.client.ChatStatistics;
import io.github.moshivis.client.Message;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Shows what a server says: its text as it comes, in a terminal in the colours of the reference's page, which tell how much the model
 * looked at the picture. Used by one thread at a time.
 */
final class ChatScreen implements ChatListener {
    /** From green, what the model knows in general, to orange, what it sees. Source: {@code TextDisplay.tsx} of the reference. */
    private static final int[] COLORS = {
        0x38c886, 0x5bd09a, 0x80d9af, 0xa4e2c4, 0xc8ead9, 0xf2f1f1, 0xf4e0cb, 0xf5cea6, 0xf5bd81, 0xf6ac5b, 0xf79b37
    };

    private static final String COLORED = "\u001b[38;2;%d;%d;%dm%s\u001b[0m";
    private static final double MILLIS_PER_SECOND = 1e3;

    private final PrintWriter out;
    private final boolean colors;
    private boolean inLine;

    /**
     * Nothing shown yet.
     *
     * @param colors whether the output is a terminal that shows them
     */
    ChatScreen(PrintWriter out, boolean colors) {
        this.out = out;
        this.colors = colors;
    }

    @Override
    public void onQueue(int position) {
        say("Waiting: place " + position + " in the queue.");
    }

    @Override
    public void onHandshake(Message.Handshake handshake) {
        say("Connected.");
    }

    @Override
    public void onText(String text, OptionalInt level) {
        String printable = StatusLine.printable(text);
        if (colors && level.isPresent()) {
            int color = COLORS[level.getAsInt()];
            out.printf(COLORED, color >> 16, color >> 8 & 0xff, color & 0xff, printable);
        } else {
            out.print(printable);
        }
        out.flush();
        inLine = true;
    }

    @Override
    public void onError(String reason) {
        say("The server says: " + reason);
    }

    /** The conversation has ended. */
    void finish(ChatStatistics statistics) {
        say(String.format(
                Locale.ROOT,
                "Said %.1f s, heard %.1f s and %d pieces of text.",
                statistics.spoken().toMillis() / MILLIS_PER_SECOND,
                statistics.heard().toMillis() / MILLIS_PER_SECOND,
                statistics.pieces()));
    }

    private void say(String line) {
        if (inLine) {
            out.println();
            inLine = false;
        }
        out.println(StatusLine.printable(line));
        out.flush();
    }
}
