package io.github.moshivis.examples.cli;

import io.github.moshivis.io.ProgressListener;
import java.util.Locale;

/** Shows on the status line which file is being fetched or written, and how far that is. */
final class LoadProgress implements ProgressListener {
    private static final double MEGABYTE = 1e6;

    private final StatusLine line;

    LoadProgress(StatusLine line) {
        this.line = line;
    }

    @Override
    public void advanced(Progress progress) {
        String total = progress.total() < 0 ? "" : String.format(Locale.ROOT, " of %.0f", progress.total() / MEGABYTE);
        line.update(
                String.format(
                        Locale.ROOT,
                        "%.0f%s MB, %.1f MB/s  ",
                        progress.done() / MEGABYTE,
                        total,
                        progress.bytesPerSecond() / MEGABYTE),
                progress.name());
    }
}
