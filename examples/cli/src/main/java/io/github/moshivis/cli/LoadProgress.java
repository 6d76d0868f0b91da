package io.github.moshivis.cli;

import io.github.moshivis.io.ProgressListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows how far files are that are being fetched, checked or written: on a terminal a bar for each and one for all, elsewhere now
 * and then a line, and one when a file has ended. Used by one thread at a time.
 */
final class LoadProgress implements ProgressListener, AutoCloseable {
    /** Rows for files; of more, those that have ended give way first. */
    private static final int MAX_ROWS = 12;

    private static final int NAME_COLUMNS = 24;
    private static final int BAR_COLUMNS = 15;

    /** Length of the kept beginning of a long name. */
    private static final int NAME_HEAD = 11;

    private static final String GAP = "..";
    private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;

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

    /** Leaves what was shown last where it is. */
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
                        + (files.size() > 1 ? "; in all " + amount(total()) : "");
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
            rows.add(row(cut(file.name()), file));
        }
        if (files.size() > 1) {
            Progress total = total();
            rows.add(row(files.size() + " files" + timeLeft(total), total) + rate(total));
        } else {
            rows.set(0, rows.get(0) + rate(shown.get(0)));
        }
        return rows;
    }

    /** All files as if they were one. */
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

    private static String row(String name, Progress file) {
        if (file.total() < 0) {
            return String.format("%-" + NAME_COLUMNS + "s  %s", name, ByteCount.text(file.done()));
        }
        double share = file.total() == 0 ? 1 : Math.min(1, (double) file.done() / file.total());
        int filled = (int) (share * BAR_COLUMNS);
        return String.format(
                Locale.ROOT,
                "%-" + NAME_COLUMNS + "s [%s%s] %3d %%  %s",
                name,
                "#".repeat(filled),
                ".".repeat(BAR_COLUMNS - filled),
                (int) (share * 100),
                ByteCount.text(file.done(), file.total()));
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

    private static String timeLeft(Progress total) {
        if (total.total() < 0 || total.bytesPerSecond() <= 0) {
            return "";
        }
        double seconds = (total.total() - total.done()) / total.bytesPerSecond();
        return seconds < MINUTE
                ? String.format(Locale.ROOT, ", %.0f s left", seconds)
                : seconds < HOUR
                        ? String.format(Locale.ROOT, ", %.0f min left", seconds / MINUTE)
                        : String.format(Locale.ROOT, ", %.1f h left", seconds / HOUR);
    }

    private static String cut(String name) {
        return name.length() <= NAME_COLUMNS
                ? name
                : name.substring(0, NAME_HEAD)
                        + GAP
                        + name.substring(name.length() - (NAME_COLUMNS - NAME_HEAD - GAP.length()));
    }
}
