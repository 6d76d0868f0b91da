package io.github.moshivis.cli;

import java.io.PrintWriter;
import java.util.regex.Pattern;

/**
 * Writer that replaces control characters with spaces, so that text of models, users, files and servers cannot move the cursor, change
 * colors, or reverse the writing direction; line ends and tabs are kept. The program's own control sequences use {@link #control}.
 */
final class TerminalWriter extends PrintWriter {
    /** Controls (C0, C1), and formats: among them overrides and isolates of direction. Joiners stay, which scripts and emoji need. */
    private static final String CONTROLS = "[[\\p{Cc}\\p{Cf}\\u2028\\u2029]&&[^\\u200c\\u200d%s]]";

    private static final Pattern IN_LINE = Pattern.compile(String.format(CONTROLS, ""));
    private static final Pattern IN_TEXT = Pattern.compile("\\r(?!\\n)|" + String.format(CONTROLS, "\\r\\n\\t"));

    private TerminalWriter(PrintWriter out) {
        super(out, true);
    }

    /** Wraps a writer, unless it is wrapped already. */
    static TerminalWriter of(PrintWriter out) {
        return out instanceof TerminalWriter guarded ? guarded : new TerminalWriter(out);
    }

    /** Returns a text as one line, without control characters, line ends and tabs. */
    static String line(CharSequence text) {
        return IN_LINE.matcher(text).replaceAll(" ");
    }

    /** Returns a text of one or more lines without control characters. */
    static String text(CharSequence text) {
        return IN_TEXT.matcher(text).replaceAll(" ");
    }

    /** Writes a sequence unchanged; never use it for external text. */
    void control(String sequence) {
        super.write(sequence, 0, sequence.length());
    }

    @Override
    public void write(int character) {
        write(String.valueOf((char) character), 0, 1);
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        write(String.valueOf(buffer, offset, length), 0, length);
    }

    @Override
    public void write(String text, int offset, int length) {
        String safe = text(text.substring(offset, offset + length));
        super.write(safe, 0, safe.length());
    }
}
