package io.github.moshivis.cli;

import java.util.List;
import java.util.Locale;

/** Formats numbers of bytes with decimal units. */
final class ByteCount {
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");
    private static final double STEP = 1000;

    private ByteCount() {}

    /** Such as {@code 15.9 GB}. */
    static String text(double bytes) {
        int unit = unit(bytes);
        return number(bytes, unit) + " " + UNITS.get(unit);
    }

    /** Such as {@code 3.1 of 15.9 GB}. */
    static String text(double part, double whole) {
        return number(part, unit(whole)) + " of " + text(whole);
    }

    private static int unit(double bytes) {
        int unit = 0;
        // A value that rounds to 1000.0 uses the next unit.
        for (double left = bytes; left >= STEP - 0.05 && unit < UNITS.size() - 1; left /= STEP) {
            unit++;
        }
        return unit;
    }

    private static String number(double bytes, int unit) {
        return String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", bytes / Math.pow(STEP, unit));
    }
}
