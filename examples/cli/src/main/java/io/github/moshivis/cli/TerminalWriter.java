package io.github.moshivis.cli;

import java.io.PrintWriter;
import java.util.regex.Pattern;

/**
 * Output for people. Whatever is printed, words of a model or a user, names of files, messages of a server, its control characters become
 * spaces, so that none of it moves the cursor, changes colors, or turns the direction of writing; ends of lines and tabs stay. Sequences of
 * our own go by {@link #control}.
 */
final class TerminalWriter extends PrintWriter {
    /** Controls (C0, C1), and formats: among them overrides and isolates of direction. Joiners stay, which scripts and emoji need. */
    private static final String CONTROLS = "[[\\p{Cc}\\p{Cf}\\u2028\\u2029]&&[^\\u200c\\u200d%s]]";

    private static final Pattern IN_LINE = Pattern.compile(String.format(CONTROLS, ""));
    private static final Pattern IN_TEXT = Pattern.compile("\\r(?!\\n)|" + String.format(CONTROLS, "\\r\\n\\t"));

    private TerminalWriter(PrintWriter out) {
        super(out, true);
    }

    /** The output that guards another one; itself, if it is one. */
    static TerminalWriter of(PrintWriter out) {
        return out instanceof TerminalWriter guarded ? guarded : new TerminalWriter(out);
    }

    /** A text in one line: as it is printed here, without line ends and tabs. */
    static String line(CharSequence text) {
        return IN_LINE.matcher(text).replaceAll(" ");
    }

    /** A text of one or more lines as it is printed here. */
    static String text(CharSequence text) {
        return IN_TEXT.matcher(text).replaceAll(" ");
    }

    /** Writes a sequence as it is; never anything that came from outside. */
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
