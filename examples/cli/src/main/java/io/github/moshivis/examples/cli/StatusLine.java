package io.github.moshivis.examples.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * A line of a terminal that is written again and again while something goes on. Where the output is no terminal, it is never
 * written. May be used by several threads.
 */
final class StatusLine {
    /** Terminals have 80 columns at least; some go to the next line after the last. */
    private static final int COLUMNS = 79;

    private static final long NANOS_BETWEEN_UPDATES = 100_000_000;

    /** Up to here, all characters are one column wide; later ones may take two. */
    private static final int FIRST_WIDE = 0x300;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}]");

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier clock;
    private boolean written;
    private long lastUpdate;
    private int lastWidth;

    private StatusLine(PrintWriter out, boolean terminal, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** The status line of the terminal that the program runs in, if it does. */
    static StatusLine of(PrintWriter out) {
        return new StatusLine(out, isTerminal(), System::nanoTime);
    }

    /** For tests: a line whose time passes as the clock says, in nanoseconds. */
    static StatusLine of(PrintWriter out, boolean terminal, LongSupplier clock) {
        return new StatusLine(out, terminal, clock);
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

    /** Whether anybody sees it. */
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
        if (!terminal || written && clock.getAsLong() - lastUpdate < NANOS_BETWEEN_UPDATES) {
            return;
        }
        String line = head + end(tail, COLUMNS - head.length());
        int width = width(line);
        out.print("\r" + line + " ".repeat(Math.max(0, lastWidth - width)));
        out.flush();
        written = true;
        lastUpdate = clock.getAsLong();
        lastWidth = width;
    }

    /** Takes the line away. */
    synchronized void clear() {
        if (lastWidth > 0) {
            out.print("\r" + " ".repeat(lastWidth) + "\r");
            out.flush();
            lastWidth = 0;
            written = false;
        }
    }

    /** A text without what would move the cursor or change colours. */
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
