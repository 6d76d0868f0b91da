package io.github.moshivis.train;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.lm.LmState;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.DelayedCodes;
import io.github.moshivis.train.model.LanguageSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Pictures;
import io.github.moshivis.train.model.Recomputation;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.PytorchNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sequence forward pass of the language model gives what streaming steps give that are fed with the same tokens. */
class StreamingEqualityTest {
    private static final int IMAGE_TOKENS = 5;

    @TempDir
    private Path scratch;

    private LmConfig config;
    private int steps;
    private long[][][] codes;
    private float[] picture;

    @BeforeEach
    void makeDialogue() throws IOException {
        config = GoldenTraining.lmConfig(scratch);
        steps = 2 * config.context() + 3; // old keys drop out of the window
        Random random = new Random(5);
        codes = new long[1][config.streams()][steps];
        for (int stream = 0; stream < config.streams(); stream++) {
            int card = stream == 0 ? config.textCard() : config.audioCard();
            for (int frame = 0; frame < steps; frame++) {
                codes[0][stream][frame] = random.nextInt(card);
            }
        }
        picture = new float[IMAGE_TOKENS * config.imageDim().orElseThrow()];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (float) random.nextGaussian();
        }
    }

    private record Steps(float[] hidden, float[] text, float[] audio) {}

    private Steps inOnePass() {
        DelayedCodes delayed = new DelayedCodes(codes, config);
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = GoldenTraining.lmParameters(config)) {
            LanguageSequence model = new LanguageSequence(parameters, null, config, RmsNorm.Spec.VARIANCE, DType.F32);
            return Autograd.withoutGradient(() -> {
                Recomputation none = new Recomputation(false);
                Tensor features = Tensor.of(picture, Device.CPU, 1, IMAGE_TOKENS, picture.length / IMAGE_TOKENS);
                Tensor hidden = model.temporal(
                                Tensor.of(delayed.inputs(), Device.CPU, 1, config.streams(), steps),
                                new Pictures(features, null, null),
                                none)
                        .hidden()
                        .view(steps, config.dim());
                Tensor targets = Tensor.of(delayed.targets(), Device.CPU, steps, 1L + config.modelCodebooks());
                List<Tensor> audio = model.audioLogits(hidden, targets, none);
                return new Steps(
                        hidden.toFloats(),
                        model.textLogits(hidden).toFloats(),
                        Ops.stack(1, audio.toArray(Tensor[]::new)).toFloats());
            });
        }
    }

    private Steps stepByStep() {
        DelayedCodes delayed = new DelayedCodes(codes, config);
        Steps all = new Steps(
                new float[steps * config.dim()],
                new float[steps * config.textCard()],
                new float[steps * config.modelCodebooks() * config.audioCard()]);
        try (Weights weights = new Weights(
                        SafetensorsFile.open(Golden.path("train/lm/model.safetensors")),
                        PytorchNames.table(config.modelCodebooks()),
                        Device.CPU);
                Scope scope = Scope.open()) {
            LanguageModel model = LanguageModelLoader.load(weights.as(DType.F32), config, RmsNorm.Spec.VARIANCE);
            try (LmState state = model.newState(1, IMAGE_TOKENS, 1)) {
                state.setImage(
                        0,
                        model.imageKeysValues(
                                Tensor.of(picture, Device.CPU, 1, IMAGE_TOKENS, picture.length / IMAGE_TOKENS)));
                for (int step = 0; step < steps; step++) {
                    take(model, state, delayed, step, all);
                }
            }
        }
        return all;
    }

    private void take(LanguageModel model, LmState state, DelayedCodes delayed, int step, Steps all) {
        long[] user = new long[config.userCodebooks()];
        for (int k = 0; k < user.length; k++) {
            user[k] = codes[0][1 + config.modelCodebooks() + k][step];
        }
        long[] said = new long[1 + config.modelCodebooks()];
        for (int k = 0; k < said.length; k++) {
            said[k] = delayed.target(0, k, step);
        }
        try (Scope scope = Scope.open()) {
            LanguageModel.Step result = model.forcedStep(
                    Tensor.of(user, Device.CPU, 1, user.length),
                    Tensor.of(said, Device.CPU, 1, said.length),
                    Rows.all(Device.CPU, 1),
                    state,
                    new boolean[] {true});
            copy(result.hidden(), all.hidden, step);
            copy(result.textLogits(), all.text, step);
            for (int k = 0; k < config.modelCodebooks(); k++) {
                copy(result.audioLogits()[k], all.audio, step * config.modelCodebooks() + k);
            }
        }
    }

    private static void copy(Tensor from, float[] to, int block) {
        float[] values = from.toFloats();
        System.arraycopy(values, 0, to, block * values.length, values.length);
    }

    @Test
    void onePassGivesWhatTheStepsGive() {
        Steps expected = stepByStep();
        Steps actual = inOnePass();
        Golden.assertClose("hidden states", actual.hidden, expected.hidden, Golden.Tolerance.HIDDEN);
        Golden.assertClose("text logits", actual.text, expected.text, Golden.Tolerance.TEXT_LOGITS);
        Golden.assertClose("audio logits", actual.audio, expected.audio, Golden.Tolerance.AUDIO_LOGITS);
    }
}
