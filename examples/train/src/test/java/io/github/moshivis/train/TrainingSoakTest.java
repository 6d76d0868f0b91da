package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Leaks;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.DialogueLoss;
import io.github.moshivis.train.model.LanguageSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Recomputation;
import io.github.moshivis.train.optim.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training holds no more native memory after fifty steps than after two. */
class TrainingSoakTest {
    private static final int STEPS = 50;

    @TempDir
    private Path scratch;

    @Test
    void fiftyStepsLeaveNothingBehind() throws IOException {
        LmConfig config = GoldenTraining.lmConfig(scratch);
        GoldenTraining.Batch batch = GoldenTraining.batch(config);
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = GoldenTraining.lmParameters(config);
                AdamW adam = new AdamW(0.95, 1e-8)) {
            LanguageSequence model = new LanguageSequence(parameters, null, config, RmsNorm.Spec.VARIANCE, DType.F32);
            parameters.train(name -> true);
            NativeMemory.Snapshot early = null;
            float first = 0;
            float last = 0;
            for (int step = 0; step < STEPS; step++) {
                last = step(model, batch, parameters, adam, step % 2 == 1);
                if (step == 1) {
                    early = NativeMemory.snapshot();
                    first = last;
                }
            }
            Leaks.assertNone(early);
            assertThat(last).isLessThan(first);
        }
        Leaks.assertNone(before);
    }

    private static float step(
            LanguageSequence model, GoldenTraining.Batch batch, Parameters parameters, AdamW adam, boolean recompute) {
        try (Scope scope = Scope.open()) {
            Recomputation recomputation = new Recomputation(recompute);
            Tensor loss = DialogueLoss.of(
                            model,
                            batch.codes(),
                            batch.pictures(batch.images().tensor()),
                            GoldenTraining.weights(),
                            Device.CPU,
                            recomputation)
                    .total();
            recomputation.backward(loss);
            adam.begin();
            for (Map.Entry<String, Tensor> each : parameters.trained().entrySet()) {
                Tensor gradient = Autograd.gradient(each.getValue());
                adam.update(each.getKey(), each.getValue(), gradient, new AdamW.Settings(1e-3, 0.9, 0));
            }
            parameters.clearGradients();
            return loss.toFloats()[0];
        }
    }
}
