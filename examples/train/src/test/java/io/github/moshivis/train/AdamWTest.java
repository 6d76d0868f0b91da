package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.DialogueLoss;
import io.github.moshivis.train.model.LanguageSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Recomputation;
import io.github.moshivis.train.optim.AdamW;
import io.github.moshivis.train.optim.GradientNorm;
import io.github.moshivis.train.optim.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The optimizer's first steps and its schedule, equal to PyTorch's: the golden set {@code train/adamw}. */
class AdamWTest {
    private static final double FROM_FILES = 1e-6;
    private static final double OWN = 4e-6;
    private static final float TINY_GRADIENT = 1e-7f;
    private static final double SECOND_GRADIENT = 5e-5;

    @TempDir
    private Path scratch;

    private final JsonNode optimizer = Golden.json("train/adamw/config.json").get("optimizer");

    private double number(String name) {
        return optimizer.get(name).doubleValue();
    }

    private AdamW adam() {
        return new AdamW(optimizer.get("betas").get(1).doubleValue(), number("eps"));
    }

    private AdamW.Settings settings() {
        return new AdamW.Settings(number("lr"), optimizer.get("betas").get(0).doubleValue(), number("weight_decay"));
    }

    private static void assertNorm(double norm, Map<String, Golden.Values> expected) {
        double value = expected.get("grad_norm").floats()[0];
        assertThat(norm).isCloseTo(value, within(1e-5 * Math.max(1, value)));
    }

    private static Map<String, Tensor> gradients(Map<String, Golden.Values> file) {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        file.forEach((name, values) -> {
            if (name.startsWith("grad.")) {
                gradients.put(name.substring("grad.".length()), values.tensor());
            }
        });
        return gradients;
    }

    @Test
    void theGradientsOfTheFilesGiveTheWeightsOfTheFiles() throws IOException {
        LmConfig config = GoldenTraining.lmConfig(scratch);
        Map<String, Golden.Values> first = Golden.tensors("train/adamw/expected_step1.safetensors");
        Map<String, Golden.Values> second = Golden.tensors("train/adamw/expected_step2.safetensors");
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = GoldenTraining.lmParameters(config);
                AdamW adam = adam()) {
            apply(adam, parameters, gradients(Golden.tensors("train/lm/expected.safetensors")), first);
            apply(adam, parameters, gradients(second), second);
        }
    }

    private void apply(
            AdamW adam, Parameters parameters, Map<String, Tensor> gradients, Map<String, Golden.Values> expected) {
        assertNorm(GradientNorm.clip(gradients.values(), number("max_norm")), expected);
        adam.begin();
        gradients.forEach((name, gradient) -> adam.update(name, parameters.all().get(name), gradient, settings()));
        gradients
                .keySet()
                .forEach(name -> Golden.assertClose(
                        name,
                        parameters.all().get(name).toFloats(),
                        expected.get("param." + name).floats(),
                        FROM_FILES));
    }

    @Test
    void twoStepsOfTrainingAreThoseOfTheReference() throws IOException {
        LmConfig config = GoldenTraining.lmConfig(scratch);
        GoldenTraining.Batch batch = GoldenTraining.batch(config);
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = GoldenTraining.lmParameters(config);
                AdamW adam = adam()) {
            LanguageSequence model = new LanguageSequence(parameters, null, config, RmsNorm.Spec.VARIANCE, DType.F32);
            parameters.train(name -> true);
            Map<String, boolean[]> sure = new LinkedHashMap<>();
            for (String step : new String[] {"expected_step1", "expected_step2"}) {
                Map<String, Golden.Values> expected = Golden.tensors("train/adamw/" + step + ".safetensors");
                Tensor loss = loss(model, batch);
                assertThat(loss.toFloats()[0]).isCloseTo(expected.get("loss").floats()[0], within(2e-4f));
                parameters.clearGradients();
                Autograd.backward(loss);
                if (expected.keySet().stream().anyMatch(name -> name.startsWith("grad."))) {
                    GoldenTraining.assertGradients(parameters.all(), expected, Map.of(), SECOND_GRADIENT);
                }
                Map<String, Tensor> gradients = new LinkedHashMap<>();
                parameters.trained().forEach((name, leaf) -> {
                    Tensor gradient = Autograd.gradient(leaf);
                    if (gradient != null) {
                        gradients.put(name, gradient);
                    }
                });
                assertNorm(GradientNorm.clip(gradients.values(), number("max_norm")), expected);
                adam.begin();
                gradients.forEach((name, gradient) -> {
                    adam.update(name, parameters.all().get(name), gradient, settings());
                    remember(sure, name, gradient.toFloats());
                });
                sure.forEach((name, flags) -> assertWeights(
                        name,
                        parameters.all().get(name).toFloats(),
                        expected.get("param." + name).floats(),
                        flags,
                        step.endsWith("1") ? 1 : 2));
            }
            assertThat(loss(model, batch).toFloats()[0])
                    .isCloseTo(
                            Golden.tensors("train/adamw/expected_step2.safetensors")
                                    .get("loss_after")
                                    .floats()[0],
                            within(2e-4f));
        }
    }

    private static Tensor loss(LanguageSequence model, GoldenTraining.Batch batch) {
        return DialogueLoss.of(
                        model,
                        batch.codes(),
                        batch.pictures(batch.images().tensor()),
                        GoldenTraining.weights(),
                        Device.CPU,
                        new Recomputation(false))
                .total();
    }

    private static void remember(Map<String, boolean[]> sure, String name, float[] gradient) {
        boolean[] flags = sure.computeIfAbsent(name, each -> {
            boolean[] all = new boolean[gradient.length];
            Arrays.fill(all, true);
            return all;
        });
        for (int i = 0; i < flags.length; i++) {
            flags[i] &= Math.abs(gradient[i]) > TINY_GRADIENT;
        }
    }

    /** Where a gradient is rounding, its sign decides, and Adam moves by the rate either way. */
    private void assertWeights(String name, float[] actual, float[] expected, boolean[] sure, int steps) {
        for (int i = 0; i < actual.length; i++) {
            double tolerance = sure[i] ? OWN : number("lr") * steps * 2;
            assertThat((double) actual[i]).as(name + " " + i).isCloseTo(expected[i], within(tolerance));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 100, 2000})
    void theCycleIsThatOfTheReference(int total) {
        Map<String, double[]> expected = GoldenTraining.doubles("train/adamw/expected_onecycle.safetensors");
        Schedule schedule = new Schedule.OneCycle(number("lr"), total, number("pct_start"));
        double[] rates = expected.get("lr." + total);
        double[] decays = expected.get("beta1." + total);
        assertThat(rates).hasSize(total);
        for (int step = 0; step < total; step++) {
            assertThat(schedule.learningRate(step)).as("rate of step " + step).isCloseTo(rates[step], within(1e-12));
            assertThat(schedule.beta1(step)).as("beta1 of step " + step).isCloseTo(decays[step], within(1e-12));
        }
    }
}
