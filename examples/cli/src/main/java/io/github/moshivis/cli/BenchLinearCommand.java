package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.cli.bench.LinearBenchmark;
import io.github.moshivis.cli.bench.LinearBenchmark.Result;
import io.github.moshivis.cli.bench.LinearBenchmark.Timing;
import io.github.moshivis.cli.bench.LinearShape;
import io.github.moshivis.cli.bench.WeightForm;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times one row by each matrix of the released model: {@code moshivis bench linear}. */
@Command(
        name = "linear",
        description = "Times the product of one row and each matrix of the released model, in each form of the weights,"
                + " on the CPU.")
final class BenchLinearCommand implements Callable<Integer> {
    @Option(
            names = "--form",
            split = ",",
            paramLabel = "f32|bf16|q8|q4|q4:128",
            description = "Forms to measure, separated by commas. Default: all of them.")
    private List<WeightForm> forms =
            List.of(WeightForm.F32, WeightForm.BF16, WeightForm.Q8, WeightForm.Q4, WeightForm.Q4_128);

    @Option(names = "--layer", paramLabel = "NAME", description = "Measure only layers whose names start with this.")
    private String layer = "";

    @Mixin
    private ThreadsOption threads;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Number of measured products of each kind. Default: 50.")
    private int repeats = 50;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() {
        List<LinearShape> shapes = LinearShape.released().stream()
                .filter(shape -> shape.layer().startsWith(layer))
                .toList();
        output.print("%-26s %-14s %-7s %9s %9s %7s%n", "layer", "matrix", "form", "best ms", "median", "GB/s");
        Result result = new LinearBenchmark(threads.count(), repeats, this::print).run(shapes, forms);
        summary(result);
        output.end(document -> write(result, document));
        return 0;
    }

    private void print(Timing timing) {
        LinearShape shape = timing.shape();
        output.print(
                "%-26s %-14s %-7s %9.3f %9.3f %7.1f%n",
                shape.layer(),
                shape.out() + "x" + shape.in(),
                timing.form(),
                timing.bestMillis(),
                timing.medianMillis(),
                timing.gigabytesPerSecond());
    }

    private void summary(Result result) {
        output.print(
                "%nAll products of a step, medians, and the time in which the %d threads read their bytes, at up to %.1f GB/s:%n",
                result.threads(), result.bandwidth());
        for (WeightForm form : forms) {
            double millis = millis(result, form);
            double rate = bytes(result, form) / millis / 1e6;
            output.print(
                    "%-7s %7.2f GB %8.1f ms %6.1f GB/s, %.2f times the floor of %.1f ms%n",
                    form, bytes(result, form) / 1e9, millis, rate, millis / floor(result, form), floor(result, form));
        }
    }

    private static double millis(Result result, WeightForm form) {
        return of(result, form).stream()
                .mapToDouble(timing -> timing.medianMillis() * timing.shape().perStep())
                .sum();
    }

    /** Minimum time in ms to read the weights of all products, each at the memory rate measured around it. */
    private static double floor(Result result, WeightForm form) {
        return of(result, form).stream()
                .mapToDouble(timing -> timing.bytes()
                        / timing.bandwidth()
                        / 1e6
                        * timing.shape().perStep())
                .sum();
    }

    private static double bytes(Result result, WeightForm form) {
        return of(result, form).stream()
                .mapToDouble(timing -> (double) timing.bytes() * timing.shape().perStep())
                .sum();
    }

    private static List<Timing> of(Result result, WeightForm form) {
        return result.timings().stream().filter(timing -> timing.form() == form).toList();
    }

    private static void write(Result result, ObjectNode document) {
        document.put("threads", result.threads()).put("bandwidth_gb_per_s", result.bandwidth());
        for (Timing timing : result.timings()) {
            document.withArray("/products")
                    .addObject()
                    .put("layer", timing.shape().layer())
                    .put("out", timing.shape().out())
                    .put("in", timing.shape().in())
                    .put("per_step", timing.shape().perStep())
                    .put("form", timing.form().toString())
                    .put("bytes", timing.bytes())
                    .put("best_ms", timing.bestMillis())
                    .put("bandwidth_gb_per_s", timing.bandwidth())
                    .put("median_ms", timing.medianMillis())
                    .put("gb_per_s", timing.gigabytesPerSecond());
        }
    }
}
