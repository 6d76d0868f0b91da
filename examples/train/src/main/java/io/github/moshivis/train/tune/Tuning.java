package io.github.moshivis.train.tune;

import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.train.data.BatchOrder;
import io.github.moshivis.train.data.Dialogue;
import io.github.moshivis.train.data.Recordings;
import io.github.moshivis.train.data.Stretch;
import io.github.moshivis.train.model.Waiting;
import io.github.moshivis.train.optim.AdamW;
import io.github.moshivis.train.optim.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Fine-tuning from beginning to end, or from the last checkpoint on, with the loss, optimizer and schedule of moshi-finetune. A run that
 * was stopped and goes on computes the same bits as one that was not. For one run; {@link #stop} may be called by any thread.
 */
public final class Tuning {
    /** Of moshi-finetune's AdamW ({@code train.py}); the first decay is the schedule's. */
    private static final double BETA2 = 0.95;

    private static final double EPSILON = 1e-8;

    private final TuningSettings settings;
    private final Consumer<StepReport> listener;
    private final RunDirectory directory;
    private volatile boolean stopping;

    /**
     * Prepares a run; nothing is loaded yet.
     *
     * @param settings of the run
     * @param listener gets each step that is logged, on the thread that trains
     */
    public Tuning(TuningSettings settings, Consumer<StepReport> listener) {
        this.settings = settings;
        this.listener = listener;
        this.directory = new RunDirectory(settings.runDir());
    }

    /** Ends the run after the step that is being taken, with a checkpoint. */
    public void stop() {
        stopping = true;
    }

    /**
     * Runs until the last step, or until the run is stopped. Training has a thread of its own, since an interrupt would close the files
     * that are being written; one of the calling thread stops the run, and its flag stays set.
     *
     * @return the directory of the last checkpoint; empty if there is none
     * @throws io.github.moshivis.errors.CheckpointException if the model cannot be trained on
     * @throws IllegalArgumentException if settings and data do not fit the model
     */
    public Optional<Path> run() {
        Recordings recordings = Recordings.read(settings.data().train(), duration(), Path.of(""));
        LibTorch.load();
        LibTorch.require(settings.device());
        ExecutorService trainer = Executors.newSingleThreadExecutor(task -> new Thread(task, "moshivis-trainer"));
        try {
            return Waiting.forResult(trainer.submit(() -> train(recordings)), this::stop);
        } finally {
            trainer.shutdown();
        }
    }

    private Optional<Path> train(Recordings recordings) {
        try (Scope scope = Scope.openDifferentiable();
                TunedModel model = TunedModel.open(settings);
                Replicas replicas = Replicas.of(model, settings);
                AdamW adam = new AdamW(BETA2, EPSILON)) {
            Run run = new Run(model, replicas, adam, order(recordings), evaluation());
            return run.toTheEnd(directory.resume(model.network().trained(), adam));
        }
    }

    private double duration() {
        return settings.batch().duration();
    }

    private BatchOrder order(Recordings recordings) {
        return new BatchOrder(recordings, settings.data().shuffle(), settings.seed());
    }

    private List<Recordings.Source> evaluation() {
        return settings.evalData()
                .map(data -> Recordings.read(data, duration(), Path.of("")).sources())
                .orElse(List.of());
    }

    /** One run, with what it works on. */
    private final class Run {
        private final TunedModel model;
        private final Replicas replicas;
        private final AdamW adam;
        private final BatchOrder order;
        private final List<Recordings.Source> evaluation;
        private final Schedule schedule = new Schedule.OneCycle(
                settings.optimizer().rate(),
                settings.batch().steps(),
                settings.optimizer().rise());
        private final ResultWriter result;

        Run(TunedModel model, Replicas replicas, AdamW adam, BatchOrder order, List<Recordings.Source> evaluation) {
            this.model = model;
            this.replicas = replicas;
            this.adam = adam;
            this.order = order;
            this.evaluation = evaluation;
            this.result = new ResultWriter(model, settings.target());
        }

        Optional<Path> toTheEnd(int taken) {
            int steps = settings.batch().steps();
            long start = System.nanoTime();
            for (int step = taken; step < steps; step++) {
                step(step, start, taken);
                boolean last = step == steps - 1 || stopping;
                if (isDue(settings.checkpoints().evalEvery(), step, last) && !evaluation.isEmpty()) {
                    evaluate(step);
                }
                if (settings.checkpoints().enabled()
                        && isDue(settings.checkpoints().every(), step, last)) {
                    directory.store(
                            step + 1,
                            model.network().trained(),
                            adam,
                            result,
                            settings.checkpoints().keep());
                }
                if (last) {
                    break;
                }
            }
            return directory.last();
        }

        private static boolean isDue(int every, int step, boolean last) {
            return last || every > 0 && (step + 1) % every == 0;
        }

        private void step(int step, long runStart, int taken) {
            long start = System.nanoTime();
            int count = settings.batch().microbatches();
            Network.Losses losses = new Network.Losses(0, 0);
            for (int micro = 0; micro < count; micro++) {
                List<Dialogue> batch = batch((long) step * count + micro);
                losses = losses.plus(replicas.train(batch, settings.loss(), settings.recompute()));
            }
            double rate = schedule.learningRate(step);
            double norm = OptimizerStep.take(
                    model.network(),
                    adam,
                    count,
                    settings.optimizer().maxNorm(),
                    new AdamW.Settings(
                            rate, schedule.beta1(step), settings.optimizer().decay()));
            if ((step + 1) % settings.logEvery() == 0) {
                long now = System.nanoTime();
                long frames =
                        (long) settings.batch().rows() * count * model.reader().frames();
                double perStep = (now - runStart) / 1e9 / (step + 1 - taken);
                report(new StepReport(
                        step + 1,
                        settings.batch().steps(),
                        losses.total() / count,
                        losses.text() / count,
                        losses.audio() / count,
                        norm,
                        rate,
                        frames / ((now - start) / 1e9),
                        Duration.ofSeconds((long) (perStep * (settings.batch().steps() - step - 1)))));
            }
        }

        private List<Dialogue> batch(long number) {
            int rows = settings.batch().rows();
            long first = number * rows;
            List<Dialogue> exact = replicas.read(
                    model.reader(),
                    LongStream.range(first, first + rows).mapToObj(order::at).toList());
            List<Dialogue> batch = new ArrayList<>();
            for (Dialogue row : exact) {
                Random random = order.random(first + batch.size());
                batch.add(row.heardAs(settings.data()
                        .noise()
                        .heard(row.codes(), model.config().lm(), random)));
            }
            return batch;
        }

        private void report(StepReport report) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", report.step());
            line.put("loss", report.loss());
            line.put("text_loss", report.textLoss());
            line.put("audio_loss", report.audioLoss());
            line.put("lr", report.learningRate());
            line.put("grad_norm", report.gradientNorm());
            line.put("frames_per_second", report.framesPerSecond());
            directory.log("metrics.train.jsonl", line);
            listener.accept(report);
        }

        /** The mean over all rows, each batch by its own weights. */
        private void evaluate(int step) {
            Network.Losses sum = new Network.Losses(0, 0);
            List<Stretch> stretches = evaluation.stream()
                    .flatMap(source -> source.stretches().stream())
                    .toList();
            int rows = settings.batch().rows();
            int batches = 0;
            for (int from = 0; from < stretches.size(); from += rows) {
                List<Stretch> batch = stretches.subList(from, Math.min(from + rows, stretches.size()));
                sum = sum.plus(replicas.measure(replicas.read(model.reader(), batch), settings.loss()));
                batches++;
            }
            Network.Losses mean = sum.times(1.0 / batches);
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", step + 1);
            line.put("loss", mean.total());
            line.put("text_loss", mean.text());
            line.put("audio_loss", mean.audio());
            line.put("perplexity", Math.exp(mean.total()));
            directory.log("metrics.eval.jsonl", line);
        }
    }
}
