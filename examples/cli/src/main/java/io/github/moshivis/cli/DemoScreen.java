package io.github.moshivis.cli;

import io.github.moshivis.TextPiece;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows a conversation in real time: picture and question first, then the answer word by word, on a terminal in colors that show the
 * contribution of the picture. Thread-safe.
 */
final class DemoScreen {
    private static final String LINE = "%-9s %s%n";
    private static final String ANSWER = "%-9s ";

    private final TerminalWriter out;
    private final boolean colors;
    private String description = "";
    private boolean answering;

    /**
     * Creates a screen.
     *
     * @param colors whether the output is a terminal with colors
     */
    DemoScreen(PrintWriter out, boolean colors) {
        this.out = TerminalWriter.of(out);
        this.colors = colors;
    }

    /** Sets the description of the conversation, shown when it starts. */
    void describe(String model, String picture, String question) {
        description = String.format(LINE, "Model:", TerminalWriter.line(model))
                + String.format(LINE, "Picture:", TerminalWriter.line(picture))
                + String.format(LINE, "Question:", TerminalWriter.line(question));
    }

    /** Shows the description, once. */
    synchronized void start() {
        out.print(description);
        out.flush();
        description = "";
    }

    /** Shows a piece of the model's text. */
    synchronized void text(TextPiece piece) {
        String text = TerminalWriter.line(piece.text());
        if (text.isEmpty()) {
            return;
        }
        if (!answering) {
            start();
            out.printf(ANSWER, "Answer:");
            text = text.stripLeading();
            answering = true;
        }
        if (colors) {
            GateColors.print(out, text, piece.level());
        } else {
            out.print(text);
        }
        out.flush();
    }

    /** Ends the line of the answer and prints the file names. */
    synchronized void finish(Path answer, Optional<Path> recording, boolean heard) {
        if (answering) {
            out.println();
        } else {
            out.printf(LINE, "Answer:", "(none)");
        }
        List<String> files = new ArrayList<>();
        files.add(answer + " (the answer)");
        recording.ifPresent(file -> files.add(file + " (both sides, the user on the left)"));
        out.printf(LINE, "Wrote:", TerminalWriter.line(String.join(", ", files)));
        if (!heard) {
            out.printf(LINE, "", "There is no speaker here: listen to the files elsewhere.");
        }
        out.flush();
    }
}
