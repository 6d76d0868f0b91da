package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.cli.bench.MemoryBandwidth;
import io.github.moshivis.cli.bench.TranscriptionBenchmark;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ModelFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times the steps of a speech-to-text model: {@code moshivis bench transcribe}. */
@Command(
        name = "transcribe",
        description =
                "Times the steps of a speech-to-text model, and says how many streams it transcribes in real time.")
final class BenchTranscribeCommand implements Callable<Integer> {
    private static final double MILLISECOND = 1e6;
    private static final double FRAME_MILLIS = 1000 / AudioSource.FRAME_RATE;
    private static final double NEARLY_ALL = 0.95;
    private static final Map<String, Checkpoint.Size> SIZES =
            Map.of("tiny", Checkpoint.Size.STT_TINY, "1b", Checkpoint.Size.STT_1B);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFlags modelFlags;

    @Mixin
    private HubOptions hubOptions;

    @Mixin
    private RandomModel random;

    @Option(
            names = "--size",
            paramLabel = "tiny|1b",
            description =
                    "Measure a model of this size with random weights, written to a temporary directory; 1b is the size"
                            + " of kyutai/stt-1b-en_fr.")
    private String size;

    @Option(
            names = "--streams",
            split = ",",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of streams at a time; several numbers are measured one after the other. Default: 1.")
    private List<Integer> streams;

    @Mixin
    private BenchSteps steps = new BenchSteps(20);

    @Mixin
    private CompareOptions compare;

    @Mixin
    private BenchOutput output;

    /** Steps with a number of streams. */
    private record Run(int streams, StepFigures figures) {
        boolean inRealTime() {
            return figures.stages().get("frame").at(NEARLY_ALL) <= FRAME_MILLIS;
        }

        /** Seconds of audio transcribed per second, over all streams. */
        double speed() {
            return streams * FRAME_MILLIS / figures.wallMillis();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        steps.check();
        Checks.atLeast(spec, "--streams", Collections.min(streams), 1);
        Path path = model();
        LoadOptions options =
                modelFlags.apply(LoadOptions.defaults()).withoutTokenizer().maxConversations(Collections.max(streams));
        List<Run> all = new ArrayList<>();
        for (WeightChoice form : compare.forms(modelFlags)) {
            all.addAll(measure(path, form.apply(options), form.name()));
        }
        if (output.isText()) {
            new StepTable(output.writer())
                    .compare(all.stream().map(Run::figures).toList());
            all.forEach(run -> output.print(
                    "%-8s %6.1f s of sound a second, %.1f for each of %d threads%s%n",
                    run.figures().name(),
                    run.speed(),
                    run.speed() / modelFlags.threads(),
                    modelFlags.threads(),
                    run.inRealTime() ? "; in real time: 95 % of the steps within 80 ms" : ""));
        }
        output.end(document -> write(all, document));
        return 0;
    }

    private Path model() throws IOException {
        if (size == null) {
            return hubOptions.path(
                    modelFlags
                            .model()
                            .orElseThrow(() -> new ParameterException(
                                    spec.commandLine(),
                                    "Cannot measure without a model: found neither --model nor --size, expected one of"
                                            + " them. Add --size 1b")),
                    spec);
        }
        Checkpoint.Size known = SIZES.get(size.toLowerCase(Locale.ROOT));
        if (known == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for --size: found '" + size + "', expected tiny or 1b. Choose one of them");
        }
        return random.write(known, spec, output);
    }

    /** Loads the weights once, and measures each number of streams. */
    private List<Run> measure(Path path, LoadOptions options, String name) throws InterruptedException {
        long start = System.nanoTime();
        List<Run> runs = new ArrayList<>();
        StepTable table = new StepTable(output.writer());
        try (TranscriptionBenchmark model = new TranscriptionBenchmark(path, options.progress(output.files()))) {
            double load = (System.nanoTime() - start) / MILLISECOND;
            double before = bandwidth();
            for (int count : streams) {
                output.progress("Measuring " + name + " x" + count + ": " + steps.total() + " steps ...");
                TranscriptionBenchmark.Measured measured =
                        model.run(count, steps.warmup(), steps.frames(), steps.window());
                FrameReads reads = FrameReads.of(model.reads(), count, steps.pastSteps(), 0);
                Map<String, StepFigures.Stage> stages = StepFigures.stages(measured.times(), reads);
                stages.keySet().removeAll(Set.of("depth", "decode")); // a speech-to-text model has none
                double after = bandwidth();
                Run run = new Run(
                        count,
                        new StepFigures(
                                name + " x" + count, load, measured.wallMillis(), before, after, reads, stages));
                runs.add(run);
                before = after;
                if (output.isText()) {
                    output.clear();
                    table.print(run.figures());
                }
            }
        } finally {
            output.clear();
        }
        return runs;
    }

    private double bandwidth() {
        return MemoryBandwidth.measure(modelFlags.device(), modelFlags.threads());
    }

    private void write(List<Run> all, ObjectNode document) {
        document.put("device", modelFlags.device()).put("threads", modelFlags.threads());
        document.put("frames", steps.frames()).put("window", steps.window());
        all.forEach(run -> {
            ObjectNode node = document.withArray("/runs").addObject();
            run.figures().write(node);
            node.put("streams", run.streams()).put("in_real_time", run.inRealTime());
            node.put("seconds_of_sound_per_second", run.speed());
        });
    }
}
