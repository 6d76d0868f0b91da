package io.github.moshivis.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * A line of a terminal, or a few, written again and again while something goes on. Where the output is no terminal, it is never
 * written. May be used by several threads.
 */
final class StatusLine {
    /** Terminals have 80 columns at least; some go to the next line after the last. */
    private static final int COLUMNS = 79;

    private static final long NANOS_BETWEEN_UPDATES = 100_000_000;

    /** Up to here, all characters are one column wide; later ones may take two. */
    private static final int FIRST_WIDE = 0x300;

    private static final String ROWS_UP = "\u001b[%dA";
    private static final String ERASE_REST_OF_ROW = "\u001b[K";
    private static final String ERASE_ROWS_BELOW = "\u001b[J";

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}]");

    private final PrintWriter out;
    private final boolean terminal;
    private final boolean cursorMoves;
    private final LongSupplier clock;
    private boolean written;
    private long lastUpdate;
    private int lastWidth;
    private int lastRows = 1;

    private StatusLine(PrintWriter out, boolean terminal, boolean cursorMoves, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.cursorMoves = cursorMoves;
        this.clock = clock;
    }

    /** The status line of the terminal that the program runs in, if it does. */
    static StatusLine of(PrintWriter out) {
        return new StatusLine(out, isTerminal(), cursorMoves(System.getenv()), System::nanoTime);
    }

    /** For tests: a line whose time passes as the clock says, in nanoseconds. */
    static StatusLine of(PrintWriter out, boolean terminal, LongSupplier clock) {
        return new StatusLine(out, terminal, true, clock);
    }

    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console without a terminal too.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("Console.isTerminal() cannot be called", e);
        }
    }

    /** Returns whether a terminal understands control sequences: all do but the old one of Windows, and those that say that they do not. */
    static boolean cursorMoves(Map<String, String> environment) {
        boolean windows =
                environment.getOrDefault("OS", "").toLowerCase(Locale.ROOT).startsWith("windows");
        return !"dumb".equals(environment.get("TERM"))
                && (!windows || environment.containsKey("WT_SESSION") || environment.containsKey("TERM"));
    }

    /** The time by which updates are spaced, in nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    /** Returns whether the line is shown. */
    boolean isVisible() {
        return terminal;
    }

    /**
     * Shows a text, unless another was shown a moment ago.
     *
     * @param head shown whole
     * @param tail shown as far as there is room, its end first
     */
    synchronized void update(String head, CharSequence tail) {
        if (isDue()) {
            show(head, tail);
        }
    }

    /**
     * Shows rows of text, unless something was shown a moment ago. A terminal whose cursor cannot go up shows the last only.
     *
     * @param rows one or more, each cut to the width of a terminal
     */
    synchronized void update(List<String> rows) {
        if (isDue()) {
            show(rows);
        }
    }

    /**
     * Shows rows of text for good: what is written next comes below them.
     *
     * @param rows as for {@link #update(List)}
     */
    synchronized void finish(List<String> rows) {
        if (terminal) {
            show(rows);
            out.println();
            out.flush();
            forget();
        }
    }

    /** Writes a line of its own where there is no terminal, of what a terminal shows in other ways. */
    synchronized void say(String text) {
        if (!terminal) {
            out.println(printable(text));
            out.flush();
        }
    }

    private boolean isDue() {
        return terminal && !(written && clock.getAsLong() - lastUpdate < NANOS_BETWEEN_UPDATES);
    }

    private void show(List<String> rows) {
        if (!cursorMoves) {
            show(rows.get(rows.size() - 1), "");
            return;
        }
        StringBuilder block = new StringBuilder(toFirstRow());
        for (int i = 0; i < rows.size(); i++) {
            String row = printable(rows.get(i));
            block.append(i == 0 ? "" : "\n")
                    .append(row, 0, Math.min(COLUMNS, row.length()))
                    .append(ERASE_REST_OF_ROW);
        }
        out.print(block.append(ERASE_ROWS_BELOW));
        out.flush();
        remember(COLUMNS, rows.size());
    }

    private String toFirstRow() {
        return "\r" + (lastRows > 1 ? String.format(ROWS_UP, lastRows - 1) : "");
    }

    private void show(String head, CharSequence tail) {
        String line = head + end(tail, COLUMNS - head.length());
        int width = width(line);
        out.print("\r" + line + " ".repeat(Math.max(0, lastWidth - width)));
        out.flush();
        remember(width, 1);
    }

    private void remember(int width, int rows) {
        written = true;
        lastUpdate = clock.getAsLong();
        lastWidth = width;
        lastRows = rows;
    }

    private void forget() {
        written = false;
        lastWidth = 0;
        lastRows = 1;
    }

    /** Takes away what is shown. */
    synchronized void clear() {
        if (lastWidth > 0) {
            out.print(lastRows > 1 ? toFirstRow() + ERASE_ROWS_BELOW : "\r" + " ".repeat(lastWidth) + "\r");
            out.flush();
            forget();
        }
    }

    /** A text without what would move the cursor or change colors. */
    static String printable(CharSequence text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }

    private static String end(CharSequence whole, int columns) {
        int most = 2 * COLUMNS; // a character is two Java characters at most
        String text = printable(whole.subSequence(Math.max(0, whole.length() - most), whole.length()));
        int start = text.length();
        for (int left = columns; start > 0; ) {
            int character = text.codePointBefore(start);
            left -= width(character);
            if (left < 0) {
                break;
            }
            start -= Character.charCount(character);
        }
        return text.substring(start);
    }

    private static int width(String text) {
        return text.codePoints().map(StatusLine::width).sum();
    }

    private static int width(int character) {
        return character < FIRST_WIDE ? 1 : 2;
    }
}
