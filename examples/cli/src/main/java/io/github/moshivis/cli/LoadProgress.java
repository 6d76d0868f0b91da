package io.github.moshivis.cli;

import io.github.moshivis.io.ProgressListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows the progress of files: on a terminal a bar for each and one for all, elsewhere an occasional line, and one at the end of each file;
 * with percentage and remaining time if the length is known. Used by one thread at a time.
 */
final class LoadProgress implements ProgressListener, AutoCloseable {
    /** Maximum rows for files; finished files are hidden first. */
    private static final int MAX_ROWS = 12;

    private static final int NAME_COLUMNS = 24;
    private static final int BAR_COLUMNS = 14;
    /** Minimum columns of a bar. */
    private static final int MIN_BAR_COLUMNS = 5;
    /** Columns of the longest figures of a file, such as "100 %  999.9 of 999.9 GB", and of a remaining time behind them. */
    private static final int NUMBER_COLUMNS = 24;

    private static final int TIME_COLUMNS = 13;

    private static final String GAP = "..";
    private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;

    private final StatusLine line;
    private final Map<String, Progress> files = new LinkedHashMap<>();
    private long lastLine;

    LoadProgress(StatusLine line) {
        this.line = line;
        this.lastLine = line.now();
    }

    @Override
    public void advanced(Progress progress) {
        files.put(progress.name(), progress);
        if (line.isVisible()) {
            line.update(rows());
        } else if (progress.state() != State.RUNNING || line.now() - lastLine >= NANOS_BETWEEN_LINES) {
            lastLine = line.now();
            line.say(plain(progress));
        }
    }

    /** Leaves the last output in place. */
    @Override
    public void close() {
        if (!files.isEmpty()) {
            line.finish(rows());
        }
    }

    private String plain(Progress file) {
        return switch (file.state()) {
            case DONE -> file.name() + ": done, " + ByteCount.text(file.done());
            case FAILED -> file.name() + ": stopped, " + amount(file);
            case RUNNING ->
                file.name() + ": " + amount(file) + rate(file)
                        + (files.size() > 1 ? "; in all " + amount(total()) + timeLeft(total()) : timeLeft(file));
        };
    }

    private List<String> rows() {
        List<Progress> shown = new ArrayList<>(files.values());
        for (int i = 0; i < shown.size() && shown.size() > MAX_ROWS; ) {
            if (shown.get(i).state() == State.RUNNING) {
                i++;
            } else {
                shown.remove(i);
            }
        }
        List<String> rows = new ArrayList<>();
        for (Progress file : shown.subList(0, Math.min(MAX_ROWS, shown.size()))) {
            rows.add(
                    files.size() > 1
                            ? row(file.name(), file, "")
                            : row(file.name(), file, timeLeft(file) + rate(file)));
        }
        if (files.size() > 1) {
            Progress total = total();
            rows.add(row(files.size() + " files" + timeLeft(total), total, rate(total)));
        }
        return rows;
    }

    /** Progress of all files together. */
    private Progress total() {
        Collection<Progress> all = files.values();
        long done = all.stream().mapToLong(Progress::done).sum();
        boolean known = all.stream().allMatch(file -> file.total() >= 0);
        long total = known ? all.stream().mapToLong(Progress::total).sum() : -1;
        double rate = all.stream()
                .filter(file -> file.state() == State.RUNNING)
                .mapToDouble(Progress::bytesPerSecond)
                .sum();
        boolean running = all.stream().anyMatch(file -> file.state() == State.RUNNING);
        return new Progress("", done, total, rate, running ? State.RUNNING : State.DONE);
    }

    private String row(String name, Progress file, String more) {
        int nameColumns = Math.min(NAME_COLUMNS, line.columns() - NUMBER_COLUMNS - TIME_COLUMNS - 1);
        String shown = String.format("%-" + nameColumns + "s ", cut(name, nameColumns));
        if (file.total() < 0) {
            return shown + " " + ByteCount.text(file.done()) + more;
        }
        double share = file.total() == 0 ? 1 : Math.min(1, (double) file.done() / file.total());
        String numbers = String.format(
                Locale.ROOT, "%3d %%  %s%s", (int) (share * 100), ByteCount.text(file.done(), file.total()), more);
        int taken = Math.max(numbers.length(), NUMBER_COLUMNS + TIME_COLUMNS);
        return shown
                + bar(share, Math.min(BAR_COLUMNS, line.columns() - nameColumns - taken - "[] ".length() - 1))
                + numbers;
    }

    /** Returns a bar of a number of columns; empty if they are too few. */
    private static String bar(double share, int columns) {
        int filled = (int) (share * columns);
        return columns < MIN_BAR_COLUMNS ? "" : "[" + "#".repeat(filled) + ".".repeat(columns - filled) + "] ";
    }

    private static String amount(Progress file) {
        return file.total() < 0
                ? ByteCount.text(file.done())
                : ByteCount.text(file.done(), file.total())
                        + String.format(Locale.ROOT, " (%d %%)", 100 * file.done() / Math.max(1, file.total()));
    }

    private static String rate(Progress file) {
        boolean moves = file.state() == State.RUNNING && file.bytesPerSecond() > 0;
        return moves ? "  " + ByteCount.text(file.bytesPerSecond()) + "/s" : "";
    }

    private static String timeLeft(Progress file) {
        boolean known = file.state() == State.RUNNING && file.total() >= 0 && file.bytesPerSecond() > 0;
        return known ? ", " + TimeLeft.text((file.total() - file.done()) / file.bytesPerSecond()) : "";
    }

    private static String cut(String name, int columns) {
        int head = (columns - GAP.length()) / 2;
        return name.length() <= columns
                ? name
                : name.substring(0, head) + GAP + name.substring(name.length() - (columns - head - GAP.length()));
    }
}
