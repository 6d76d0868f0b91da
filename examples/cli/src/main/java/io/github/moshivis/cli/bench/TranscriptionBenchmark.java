package io.github.moshivis.cli.bench;

import io.github.moshivis.Reply;
import io.github.moshivis.engine.Engine;
import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.SlotOptions;
import io.github.moshivis.engine.StageTimes;
import io.github.moshivis.engine.StepResult;
import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.Sampling;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.loading.LoadedModel;
import io.github.moshivis.loading.ModelLoader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Times steps of a speech-to-text model with several streams at a time. Frames of noise are submitted ahead of their results, so that all
 * streams are part of every step. Used by one thread.
 */
public final class TranscriptionBenchmark implements AutoCloseable {
    /** Frames of each stream that wait for a step. */
    private static final int AHEAD = 4;

    private static final float LEVEL = 0.1f;
    private static final double MILLISECOND = 1e6;
    private static final Sampling GREEDY = new Sampling(0, 0, 1);

    private final LoadedModel model;

    /**
     * Loads a model.
     *
     * @param path its directory or file
     * @param options with at least as many conversations as streams are measured
     */
    public TranscriptionBenchmark(Path path, LoadOptions options) {
        model = ModelLoader.loadSpeechToText(path, options);
    }

    /**
     * Measured steps.
     *
     * @param times of each step
     * @param wallMillis time per step
     */
    public record Measured(List<Reply.Times> times, double wallMillis) {}

    /**
     * Returns the bytes read by each stage of a step.
     *
     * @return bytes by stage
     */
    public WeightReads reads() {
        return model.reads();
    }

    /**
     * Measures.
     *
     * @param streams number of streams
     * @param warmup steps before the measurement; 0 or more
     * @param frames measured steps
     * @param pastSteps simulated past steps
     * @return the measured steps
     * @throws InterruptedException if interrupted
     */
    public Measured run(int streams, int warmup, int frames, long pastSteps) throws InterruptedException {
        List<SlotLease> leases = new ArrayList<>();
        try {
            Engine engine = model.engine();
            for (int i = 0; i < streams; i++) {
                leases.add(engine.slots().claim());
                engine.open(leases.get(i), options(pastSteps));
            }
            return steps(leases, warmup, frames);
        } finally {
            leases.forEach(SlotLease::close);
        }
    }

    private static SlotOptions options(long pastSteps) {
        Controls controls = new Controls(GREEDY, GREEDY, 1, 0, 0, 0);
        return new SlotOptions(controls, 1, 1, 0, null, null, new int[0], pastSteps);
    }

    private static Measured steps(List<SlotLease> leases, int warmup, int frames) throws InterruptedException {
        Random random = new Random(1);
        Queue<List<CompletableFuture<StepResult>>> waiting = new ArrayDeque<>();
        List<Reply.Times> times = new ArrayList<>();
        long begun = System.nanoTime();
        for (int frame = 0; frame < warmup + frames; frame++) {
            while (waiting.size() < AHEAD) {
                waiting.add(put(leases, noise(random)));
            }
            StageTimes step = take(leases, waiting.remove());
            if (frame < warmup) {
                begun = System.nanoTime();
            } else {
                times.add(new Reply.Times(step.encode(), step.temporal(), 0, 0, step.total()));
            }
        }
        return new Measured(times, (System.nanoTime() - begun) / MILLISECOND / frames);
    }

    private static List<CompletableFuture<StepResult>> put(List<SlotLease> leases, UserFrame frame)
            throws InterruptedException {
        List<CompletableFuture<StepResult>> results = new ArrayList<>();
        for (SlotLease lease : leases) {
            results.add(lease.put(frame));
        }
        return results;
    }

    /** Returns the times of the last step. */
    private static StageTimes take(List<SlotLease> leases, List<CompletableFuture<StepResult>> results) {
        StageTimes last = null;
        for (int i = 0; i < leases.size(); i++) {
            last = results.get(i).join().times();
            leases.get(i).taken();
        }
        return last;
    }

    private static UserFrame noise(Random random) {
        float[] samples = new float[AudioSource.FRAME_SAMPLES];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = LEVEL * (float) random.nextGaussian();
        }
        return UserFrame.of(samples);
    }

    @Override
    public void close() {
        model.close();
    }
}
