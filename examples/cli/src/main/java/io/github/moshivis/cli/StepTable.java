package io.github.moshivis.cli;

import io.github.moshivis.cli.StepFigures.Stage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints figures of steps as tables. */
final class StepTable {
    private static final double MEGA = 1e6;

    private final PrintWriter out;

    StepTable(PrintWriter out) {
        this.out = out;
    }

    /** Prints the figures of one form of the weights: a line per stage. */
    void print(StepFigures figures) {
        line(
                "%s: loaded in %.0f ms, %d frames measured",
                figures.name(),
                figures.loadMillis(),
                figures.stages().get("frame").millis().length);
        line(
                "%-9s %8s %8s %8s %8s %8s   %10s %7s %7s",
                "ms", "best", "p50", "p95", "p99", "worst", "reads", "GB/s", "x floor");
        figures.stages()
                .forEach((name, stage) -> line(
                        "%-9s %8.2f %8.2f %8.2f %8.2f %8.2f   %s",
                        name,
                        stage.best(),
                        stage.at(0.5),
                        stage.at(0.95),
                        stage.at(0.99),
                        stage.worst(),
                        reading(stage, figures)));
        line("%-9s %17.2f   a frame, all conversations together", "wall", figures.wallMillis());
        FrameReads reads = figures.reads();
        line(
                "a frame reads: weights %.1f MB, past steps %.1f MB, pictures %.1f MB, codec %.1f MB",
                reads.weights() / MEGA, reads.ring() / MEGA, reads.picture() / MEGA, reads.codec() / MEGA);
        line(
                "floor: bytes over the rate at which memory was read, %.1f GB/s before the steps and %.1f after",
                figures.before(), figures.after());
        out.println();
        out.flush();
    }

    /** Prints a comparison of forms of the same weights: a line per form. */
    void compare(List<StepFigures> all) {
        line("median (p95), ms, and what the whole frame reads:");
        StringBuilder head = new StringBuilder(String.format("%-8s", "weights"));
        all.get(0).stages().keySet().forEach(name -> head.append(String.format(" %15s", name)));
        line("%s   %10s %7s %7s", head, "reads", "GB/s", "x floor");
        for (StepFigures figures : all) {
            StringBuilder row = new StringBuilder(String.format("%-8s", figures.name()));
            figures.stages()
                    .values()
                    .forEach(stage -> row.append(String.format(
                            Locale.ROOT,
                            " %15s",
                            String.format(Locale.ROOT, "%.1f (%.1f)", stage.at(0.5), stage.at(0.95)))));
            line("%s   %s", row, reading(figures.stages().get("frame"), figures));
        }
        out.flush();
    }

    private static String reading(Stage stage, StepFigures figures) {
        return stage.bytes() == 0
                ? ""
                : String.format(
                        Locale.ROOT, "%7.1f MB %7.1f %7.2f", stage.bytes() / MEGA, stage.rate(), figures.floors(stage));
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
