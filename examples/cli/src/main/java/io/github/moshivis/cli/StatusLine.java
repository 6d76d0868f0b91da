package io.github.moshivis.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Status line, or a few lines, that is rewritten on a terminal during long work. Without a terminal, nothing is written. Thread-safe.
 */
final class StatusLine {
    /** Assumed columns of a terminal of unknown width. */
    private static final int STANDARD_COLUMNS = 80;

    private static final long NANOS_BETWEEN_UPDATES = 100_000_000;

    /** Characters up to this one are one column wide; later ones may take two. */
    private static final int FIRST_WIDE = 0x300;

    private static final String ROWS_UP = "\u001b[%dA";
    private static final String ERASE_REST_OF_ROW = "\u001b[K";
    private static final String ERASE_ROWS_BELOW = "\u001b[J";

    private final TerminalWriter out;
    private final boolean terminal;
    /** One less than the terminal's: some terminals wrap after the last column. */
    private final int columns;

    private final boolean cursorMoves;
    private final LongSupplier clock;
    private boolean written;
    private long lastUpdate;
    private int lastWidth;
    private int lastRows = 1;

    private StatusLine(PrintWriter out, boolean terminal, int columns, boolean cursorMoves, LongSupplier clock) {
        this.out = TerminalWriter.of(out);
        this.terminal = terminal;
        this.columns = columns - 1;
        this.cursorMoves = cursorMoves;
        this.clock = clock;
    }

    /** Returns the status line of the program's terminal, if there is one. */
    static StatusLine of(PrintWriter out) {
        boolean terminal = isTerminal();
        int columns = terminal ? new UsageMessageSpec().autoWidth(true).width() : STANDARD_COLUMNS;
        return new StatusLine(out, terminal, columns, cursorMoves(System.getenv()), System::nanoTime);
    }

    /** For tests: a line of 80 columns with its own clock in nanoseconds. */
    static StatusLine of(PrintWriter out, boolean terminal, LongSupplier clock) {
        return new StatusLine(out, terminal, STANDARD_COLUMNS, true, clock);
    }

    /** For tests: the line of a terminal. */
    static StatusLine of(PrintWriter out, int columns, boolean cursorMoves, LongSupplier clock) {
        return new StatusLine(out, true, columns, cursorMoves, clock);
    }

    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there may be a console without a terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("Console.isTerminal() cannot be called", e);
        }
    }

    /** Returns whether a terminal supports control sequences: all do except the old Windows console and those that say otherwise. */
    static boolean cursorMoves(Map<String, String> environment) {
        boolean windows =
                environment.getOrDefault("OS", "").toLowerCase(Locale.ROOT).startsWith("windows");
        return !"dumb".equals(environment.get("TERM"))
                && (!windows || environment.containsKey("WT_SESSION") || environment.containsKey("TERM"));
    }

    /** Returns the clock in nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    /** Returns the number of characters per row. */
    int columns() {
        return columns;
    }

    /** Returns whether the line is shown. */
    boolean isVisible() {
        return terminal;
    }

    /**
     * Shows a text, unless another was shown a moment ago.
     *
     * @param head shown in full
     * @param tail its end is shown, as far as there is room
     */
    synchronized void update(String head, CharSequence tail) {
        if (isDue()) {
            show(head, tail);
        }
    }

    /**
     * Shows rows of text, unless something was shown a moment ago. A terminal whose cursor cannot move up shows only the last.
     *
     * @param rows one or more, each cut to the width of a terminal
     */
    synchronized void update(List<String> rows) {
        if (isDue()) {
            show(rows);
        }
    }

    /**
     * Shows rows of text permanently: later output is below them.
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

    /** Writes a line only if there is no terminal. */
    synchronized void say(String text) {
        if (!terminal) {
            out.println(TerminalWriter.line(text));
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
            block.append(i == 0 ? "" : "\n").append(beginning(rows.get(i))).append(ERASE_REST_OF_ROW);
        }
        out.control(block.append(ERASE_ROWS_BELOW).toString());
        out.flush();
        remember(columns, rows.size());
    }

    private String toFirstRow() {
        return "\r" + (lastRows > 1 ? String.format(ROWS_UP, lastRows - 1) : "");
    }

    private void show(String head, CharSequence tail) {
        String start = beginning(head);
        String line = start + end(tail, columns - width(start));
        int width = width(line);
        out.control("\r" + line + " ".repeat(Math.max(0, lastWidth - width)));
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

    /** Clears the status. */
    synchronized void clear() {
        if (lastWidth > 0) {
            out.control(lastRows > 1 ? toFirstRow() + ERASE_ROWS_BELOW : "\r" + " ".repeat(lastWidth) + "\r");
            out.flush();
            forget();
        }
    }

    /** Returns the beginning of a text that fits a row. */
    private String beginning(CharSequence whole) {
        String text = TerminalWriter.line(whole);
        int end = 0;
        for (int left = columns; end < text.length(); ) {
            int character = text.codePointAt(end);
            left -= width(character);
            if (left < 0) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end);
    }

    private static String end(CharSequence whole, int room) {
        int most = 2 * Math.max(0, room); // a character is two Java characters at most
        String text = TerminalWriter.line(whole.subSequence(Math.max(0, whole.length() - most), whole.length()));
        int start = text.length();
        for (int left = room; start > 0; ) {
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
