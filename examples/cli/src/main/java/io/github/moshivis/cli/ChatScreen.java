package io.github.moshivis.cli;

import io.github.moshivis.client.ChatListener;
import io.github.moshivis.client.ChatStatistics;
import io.github.moshivis.client.Message;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Shows a server's messages: its text as it arrives, on a terminal in the colors of the reference's page, which show the contribution of
 * the picture. Used by one thread at a time.
 */
final class ChatScreen implements ChatListener {
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final Pattern SENTENCE_END = Pattern.compile(".*[.!?…][\"”’)]?");

    private final TerminalWriter out;
    private final boolean colors;
    private final StringBuilder user = new StringBuilder();
    private boolean inLine;

    /**
     * Creates a screen.
     *
     * @param colors whether the output is a terminal with colors
     */
    ChatScreen(PrintWriter out, boolean colors) {
        this.out = TerminalWriter.of(out);
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
        String words = TerminalWriter.line(text);
        if (colors && level.isPresent()) {
            GateColors.print(out, words, level.getAsInt());
        } else {
            out.print(words);
        }
        out.flush();
        inLine = true;
    }

    /** The user's words are printed per sentence or turn, since printed text cannot be changed. */
    @Override
    public void onUserWord(Message.UserWord word) {
        if (word.isFinal()) {
            user.append(' ').append(word.text());
            if (SENTENCE_END.matcher(word.text()).matches()) {
                sayUsersWords();
            }
        }
    }

    @Override
    public void onUserTurn(Message.UserTurn turn) {
        sayUsersWords();
    }

    private void sayUsersWords() {
        if (!user.isEmpty()) {
            say("You:" + user);
            user.setLength(0);
        }
    }

    @Override
    public void onError(String reason) {
        say("The server says: " + reason);
    }

    /** Announces a conversation without a picture, because servers do not say that they wait for one. */
    void noPicture() {
        say("Talking without a picture. If the server requires one, the conversation does not start: add --image.");
    }

    /** The conversation has ended. */
    void finish(ChatStatistics statistics) {
        sayUsersWords();
        say(String.format(
                Locale.ROOT,
                "Said %.1f s, heard %.1f s and %d pieces of text.",
                statistics.spoken().toMillis() / MILLIS_PER_SECOND,
                statistics.heard().toMillis() / MILLIS_PER_SECOND,
                statistics.pieces()));
        if (!statistics.isAnswered()) {
            say("Warning: a part of the answer is missing. The server is slower than real time, or dropped audio.");
        }
    }

    private void say(String line) {
        if (inLine) {
            out.println();
            inLine = false;
        }
        out.println(TerminalWriter.line(line));
        out.flush();
    }
}
