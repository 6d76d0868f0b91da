package io.github.moshivis.cli;

import io.github.moshivis.train.model.NativeHeap;
import io.github.moshivis.train.tune.TrainingBenchmark;
import io.github.moshivis.train.tune.TuningSettings;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moshivis train bench}: throughput of training. */
@Command(
        name = "bench",
        description = "Measures the throughput of training in frames per second, with random dialogues and pictures.",
        sortOptions = false)
final class TrainBenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "nano",
            description = "A directory, or a name on the hub. Default: nano, the bundled model.")
    private String model;

    @Option(
            names = "--train",
            paramLabel = "vision|lora|vision_and_lora|full",
            defaultValue = "full",
            description = "Weights to train. Default: full.")
    private TuningSettings.Kind kind;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "8", description = "Dialogues per step. Default: 8.")
    private int rows;

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "220",
            description = "Frames per dialogue. Default: 220.")
    private int frames;

    @Option(names = "--bf16", description = "Compute in bfloat16 instead of float32.")
    private boolean bfloat16;

    @Option(names = "--recompute", description = "Recompute layers in the backward pass, which saves memory.")
    private boolean recompute;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            defaultValue = "cpu",
            description = "Device to use. Default: cpu.")
    private String device;

    @Mixin
    private ThreadsOption threads;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of measured steps. Default: 10.")
    private int steps;

    @Override
    public Integer call() {
        Checks.atLeast(spec, "--steps", steps, 1);
        NativeHeap.keepFreed();
        TrainingBenchmark.Sizes sizes =
                new TrainingBenchmark.Sizes(model, kind, rows, frames, bfloat16, device, threads.count(), recompute);
        double[] rates = new TrainingBenchmark(sizes).run(steps);
        Arrays.sort(rates);
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%.0f frames/s at the median of %d steps (%.0f to %.0f): %s, %s, %d rows of %d frames, %s, %d threads%n",
                        rates[steps / 2],
                        steps,
                        rates[0],
                        rates[steps - 1],
                        model,
                        kind.name().toLowerCase(Locale.ROOT),
                        rows,
                        frames,
                        bfloat16 ? "bf16" : "f32",
                        threads.count());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
