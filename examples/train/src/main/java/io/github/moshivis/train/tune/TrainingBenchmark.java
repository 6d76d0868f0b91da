package io.github.moshivis.train.tune;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.UserAlignment;
import io.github.moshivis.loading.Repositories;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.train.data.CodeNoise;
import io.github.moshivis.train.data.Dialogue;
import io.github.moshivis.train.model.LossWeights;
import io.github.moshivis.train.optim.AdamW;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Measures steps of training on random dialogues with pictures: forward, backward, clipping and AdamW. Immutable. */
public final class TrainingBenchmark {
    /** Steps before the measurement, in which memory is allocated. */
    private static final int WARM_UP = 2;

    private final TuningSettings settings;
    private final int frames;

    /**
     * Sizes of a measurement.
     *
     * @param model a model's directory or its name on the hub; {@code nano} for the bundled one
     * @param kind which tensors are trained
     * @param rows dialogues of a step
     * @param frames of a dialogue
     * @param bfloat16 whether activations are bfloat16, or else float32
     * @param device {@code cpu} or {@code cuda}
     * @param threads on the CPU
     * @param recompute whether layers are computed twice, which saves memory
     */
    public record Sizes(
            String model,
            TuningSettings.Kind kind,
            int rows,
            int frames,
            boolean bfloat16,
            String device,
            int threads,
            boolean recompute) {
        /**
         * Checks the sizes.
         *
         * @throws IllegalArgumentException if there is nothing to measure
         */
        public Sizes {
            if (rows < 1 || frames < 1 || threads < 1) {
                throw new IllegalArgumentException("Cannot measure training: found " + rows + " rows, " + frames
                        + " frames and " + threads + " threads, expected at least 1 of each");
            }
        }
    }

    /**
     * Prepares a measurement.
     *
     * @param sizes of it
     */
    public TrainingBenchmark(Sizes sizes) {
        boolean full = sizes.kind == TuningSettings.Kind.FULL;
        this.frames = sizes.frames;
        this.settings = new TuningSettings(
                Repositories.model(sizes.model, LoadOptions.defaults()),
                new TuningSettings.Data("", false, UserAlignment.PYTORCH, CodeNoise.NONE),
                Optional.empty(),
                new TuningSettings.Target(sizes.kind, 16, 2, false, !full),
                new LossWeights(0.5, 1),
                new TuningSettings.Batch(frames / AudioSource.FRAME_RATE, sizes.rows, 1, 1),
                new TuningSettings.Optimizer(1e-5, 0.1, 0.05, 1),
                new TuningSettings.Checkpoints(false, 0, Optional.empty(), 0),
                Path.of(""),
                sizes.bfloat16 ? DType.BF16 : DType.F32,
                Device.parse(sizes.device),
                sizes.threads,
                sizes.recompute,
                0,
                1);
    }

    /**
     * Takes steps.
     *
     * @param steps number of measured ones, at least 1
     * @return frames of dialogue a second in each
     * @throws io.github.moshivis.errors.CheckpointException if the model cannot be trained on
     */
    public double[] run(int steps) {
        LibTorch.load();
        LibTorch.require(settings.device());
        double[] rates = new double[steps];
        try (Scope scope = Scope.openDifferentiable();
                TunedModel model = TunedModel.open(settings);
                Replicas replicas = Replicas.of(model, settings);
                AdamW adam = new AdamW(0.95, 1e-8)) {
            List<Dialogue> batch = batch(model);
            for (int step = -WARM_UP; step < steps; step++) {
                long start = System.nanoTime();
                replicas.train(batch, settings.loss(), settings.recompute());
                OptimizerStep.take(model.network(), adam, 1, 1, new AdamW.Settings(1e-5, 0.9, 0.1));
                if (step >= 0) {
                    rates[step] = batch.size() * frames / ((System.nanoTime() - start) / 1e9);
                }
            }
        }
        return rates;
    }

    private List<Dialogue> batch(TunedModel model) {
        Random random = new Random(0);
        List<Dialogue> batch = new ArrayList<>();
        for (int row = 0; row < settings.batch().rows(); row++) {
            batch.add(dialogue(model, random));
        }
        return batch;
    }

    private Dialogue dialogue(TunedModel model, Random random) {
        LmConfig lm = model.config().lm();
        long[][] codes = new long[lm.streams()][frames];
        for (int stream = 0; stream < codes.length; stream++) {
            for (int frame = 0; frame < frames; frame++) {
                codes[stream][frame] = random.nextInt(stream == 0 ? lm.textCard() : lm.audioCard());
            }
        }
        if (model.network().vision() == null) {
            return new Dialogue(codes, null);
        }
        float[] image = new float
                [model.config().vision().positions() * model.config().vision().hidden()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) random.nextGaussian();
        }
        return new Dialogue(codes, image);
    }
}
