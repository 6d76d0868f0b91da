package io.github.moshivis.cli.bench;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.lm.LmState;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Logits of steps with fixed inputs.
 *
 * @param said forced output tokens, for each step [1 + K]
 * @param text for each step
 * @param audio for each step and codebook
 */
record ForcedSteps(List<long[]> said, List<float[]> text, List<float[]> audio) {
    private static final long SEED = 20_241_122;
    private static final int IMAGE_TOKENS = 64;

    /**
     * Runs steps.
     *
     * @param reference steps whose tokens are forced; null for the model's own tokens
     */
    static ForcedSteps run(Path path, WeightForm form, int steps, int threads, ForcedSteps reference) {
        ModelDirectory directory = ModelDirectory.read(path);
        LanguageModelFile file = LanguageModelFile.open(LanguageModelFile.locate(directory), directory);
        LmConfig config = file.config().lm();
        try (KernelThreads kernelThreads = KernelThreads.start(threads);
                Weights weights = new Weights(file.file(), file.names(), Device.CPU)) {
            LanguageModel model =
                    LanguageModelLoader.load(weights.as(form.dtype()).in(form.form()), config, RmsNorm.Spec.VARIANCE);
            weights.verify(name -> true);
            ForcedSteps taken = new ForcedSteps(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try (LmState state = model.newState(1, IMAGE_TOKENS, 0, form.compactKeys())) {
                state.open(0, Controls.GREEDY, SEED, SEED);
                Random random = new Random(SEED);
                look(model, config, state, random);
                for (int step = 0; step < steps; step++) {
                    taken.step(model, config, state, random, reference == null ? null : reference.said.get(step));
                }
            }
            return taken;
        }
    }

    private static void look(LanguageModel model, LmConfig config, LmState state, Random random) {
        if (config.seesImages()) {
            float[] features = new float[IMAGE_TOKENS * config.imageDim().getAsInt()];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) random.nextGaussian();
            }
            try (Scope scope = Scope.open()) {
                long dim = config.imageDim().getAsInt();
                state.setImage(0, model.imageKeysValues(Tensor.of(features, Device.CPU, 1, IMAGE_TOKENS, dim)));
            }
        }
    }

    private void step(LanguageModel model, LmConfig config, LmState state, Random random, long[] forced) {
        long[] codes =
                random.longs(model.userCodebooks(), 0, config.audioCard()).toArray();
        boolean[] looks = {state.seesImage(0)};
        try (Scope scope = Scope.open()) {
            Tensor heard = Tensor.of(codes, Device.CPU, 1, codes.length);
            Rows rows = Rows.of(Device.CPU, new boolean[] {true});
            LanguageModel.Step step = forced == null
                    ? model.step(heard, rows, state, looks)
                    : model.forcedStep(heard, Tensor.of(forced, Device.CPU, 1, forced.length), rows, state, looks);
            said.add(step.sampled().toLongs());
            text.add(step.textLogits().toFloats());
            for (Tensor logits : step.audioLogits()) {
                audio.add(logits.toFloats());
            }
        }
    }
}
