package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.tensor.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Resources of this process over time, as a table and as a graph. */
public final class Resources {
    private static final int WIDTH = 900;
    private static final int ROW = 90;
    private static final Path HANDLES = Path.of("/proc/self/fd");

    /**
     * One look at the process.
     *
     * @param seconds since the first one
     * @param actions done until then
     * @param heap bytes in use after a collection
     * @param handles of files and sockets; 0 where the system does not say
     */
    public record Point(
            double seconds,
            long actions,
            long resident,
            long heap,
            long nativeBytes,
            long nativeObjects,
            int threads,
            long handles) {}

    private record Curve(String name, double unit, ToDoubleFunction<Point> value) {}

    private static final List<Curve> CURVES = List.of(
            new Curve("resident set, MB", 1e6, Point::resident),
            new Curve("Java heap, MB", 1e6, Point::heap),
            new Curve("kept tensors, kB", 1e3, Point::nativeBytes),
            new Curve("native objects", 1, Point::nativeObjects),
            new Curve("threads", 1, Point::threads),
            new Curve("handles", 1, Point::handles));

    private final List<Point> points = new ArrayList<>();
    private final long start = System.nanoTime();

    /** Looks at the process, at a moment at which nothing is in use. */
    public void look(long actions) throws IOException {
        System.gc();
        Runtime java = Runtime.getRuntime();
        NativeMemory.Snapshot kept = NativeMemory.snapshot();
        points.add(new Point(
                (System.nanoTime() - start) / 1e9,
                actions,
                NativeMemory.residentBytes(),
                java.totalMemory() - java.freeMemory(),
                kept.keptBytes(),
                kept.nativeObjects(),
                Thread.activeCount(),
                handles()));
    }

    /**
     * Fails if the last quarter of the time needed more than the second one did.
     *
     * @param boundedHeap bytes by which caches of a fixed size may still fill
     * @param elasticThreads threads by which pools may differ
     */
    public void assertFlat(long boundedHeap, int elasticThreads) {
        int quarter = points.size() / 4;
        List<Point> early = points.subList(quarter, 2 * quarter);
        List<Point> late = points.subList(points.size() - quarter, points.size());
        for (Point point : late) {
            assertThat(point.nativeObjects()).isEqualTo(early.get(0).nativeObjects());
            assertThat(point.nativeBytes()).isEqualTo(early.get(0).nativeBytes());
        }
        assertThat(most(late, Point::resident)).isLessThan(1.05 * most(early, Point::resident));
        assertThat(most(late, Point::heap)).isLessThan(1.1 * most(early, Point::heap) + boundedHeap);
        assertThat(most(late, Point::threads)).isLessThanOrEqualTo(most(early, Point::threads) + elasticThreads);
        assertThat(most(late, Point::handles)).isLessThanOrEqualTo(most(early, Point::handles) + elasticThreads);
    }

    private static double most(List<Point> points, ToDoubleFunction<Point> value) {
        return points.stream().mapToDouble(value).max().orElseThrow();
    }

    private static long handles() throws IOException {
        if (!Files.isDirectory(HANDLES)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(HANDLES)) {
            return open.count();
        }
    }

    /** Writes {@code NAME.csv} and {@code NAME.svg}. */
    public void write(Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        StringBuilder table =
                new StringBuilder("seconds,actions,resident,heap,native bytes,native objects,threads,handles\n");
        for (Point point : points) {
            table.append(String.format(
                    Locale.ROOT,
                    "%.1f,%d,%d,%d,%d,%d,%d,%d%n",
                    point.seconds,
                    point.actions,
                    point.resident,
                    point.heap,
                    point.nativeBytes,
                    point.nativeObjects,
                    point.threads,
                    point.handles));
        }
        Files.writeString(directory.resolve(name + ".csv"), table);
        Files.writeString(directory.resolve(name + ".svg"), graph());
    }

    private String graph() {
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>%n"
                        + "<rect width='100%%' height='100%%' fill='white'/>%n",
                WIDTH,
                ROW * CURVES.size() + 30));
        double end = points.get(points.size() - 1).seconds;
        for (int row = 0; row < CURVES.size(); row++) {
            Curve curve = CURVES.get(row);
            double most = points.stream().mapToDouble(curve.value).max().orElseThrow();
            StringBuilder line = new StringBuilder();
            for (Point point : points) {
                double x = 180 + (WIDTH - 200) * point.seconds / Math.max(end, 1e-9);
                double y = ROW * (row + 1) - (ROW - 25) * curve.value.applyAsDouble(point) / Math.max(most, 1);
                line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x='10' y='%d'>%s</text><text x='10' y='%d'>0 to %.0f</text>"
                            + "<path d='M180 %d H%d' stroke='silver'/><polyline points='%s' fill='none' stroke='#06c'/>%n",
                    ROW * (row + 1) - 40,
                    curve.name,
                    ROW * (row + 1) - 22,
                    most / curve.unit,
                    ROW * (row + 1),
                    WIDTH - 20,
                    line));
        }
        return svg.append(String.format(
                        Locale.ROOT,
                        "<text x='180' y='%d'>%.0f minutes, %d actions</text>%n</svg>%n",
                        ROW * CURVES.size() + 20,
                        end / 60,
                        points.get(points.size() - 1).actions))
                .toString();
    }
}
