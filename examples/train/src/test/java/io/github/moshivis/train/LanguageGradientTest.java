package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.AdapterParameters;
import io.github.moshivis.train.model.DialogueLoss;
import io.github.moshivis.train.model.LanguageSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Pictures;
import io.github.moshivis.train.model.Recomputation;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss and gradients of the language model, equal to PyTorch's: the golden set {@code train/lm} and {@code train/lora}. */
class LanguageGradientTest {
    private static final double LM = 3e-5;
    private static final double LORA = 7e-5;
    private static final double LOSS = 1e-5;

    @TempDir
    private Path scratch;

    private static void assertLoss(DialogueLoss loss, Map<String, Golden.Values> expected) {
        assertScalar(loss.total(), expected.get("loss"));
        assertScalar(loss.text(), expected.get("loss.text"));
        assertScalar(loss.audio(), expected.get("loss.audio"));
    }

    private static void assertScalar(Tensor actual, Golden.Values expected) {
        float value = expected.floats()[0];
        assertThat(actual.toFloats()[0]).isCloseTo(value, within((float) (LOSS * Math.max(1, Math.abs(value)))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyGradientIsThatOfTheReference(boolean recompute) throws IOException {
        LmConfig config = GoldenTraining.lmConfig(scratch);
        Map<String, Golden.Values> expected = Golden.tensors("train/lm/expected.safetensors");
        GoldenTraining.Batch batch = GoldenTraining.batch(config);
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = GoldenTraining.lmParameters(config)) {
            LanguageSequence model = new LanguageSequence(parameters, null, config, RmsNorm.Spec.VARIANCE, DType.F32);
            parameters.train(name -> true);
            Tensor features = Autograd.requireGradient(batch.images().tensor(), true);
            Recomputation recomputation = new Recomputation(recompute);
            DialogueLoss loss = DialogueLoss.of(
                    model,
                    batch.codes(),
                    batch.pictures(features),
                    GoldenTraining.weights(),
                    Device.CPU,
                    recomputation);
            assertLoss(loss, expected);
            recomputation.backward(loss.total());
            GoldenTraining.assertGradients(parameters.all(), expected, Map.of(), LM);
            assertThat(GoldenTraining.relative(
                            Autograd.gradient(features).toFloats(),
                            expected.get("grad_of.image_embeddings").floats()))
                    .isLessThan(LM);
        }
    }

    @Test
    void hiddenStatesAndLogitsAreThoseOfTheReference() throws IOException {
        LmConfig config = GoldenTraining.lmConfig(scratch);
        Map<String, Golden.Values> expected = Golden.tensors("train/lm/expected.safetensors");
        GoldenTraining.Batch batch = GoldenTraining.batch(config);
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = GoldenTraining.lmParameters(config)) {
            LanguageSequence model = new LanguageSequence(parameters, null, config, RmsNorm.Spec.VARIANCE, DType.F32);
            Tensor input = Tensor.of(
                    batch.codes().inputs(),
                    Device.CPU,
                    batch.codes().rows(),
                    config.streams(),
                    batch.codes().steps());
            Recomputation none = new Recomputation(false);
            Tensor hidden = model.temporal(input, batch.pictures(batch.images().tensor()), none)
                    .hidden();
            Golden.assertClose(
                    "transformer_out",
                    hidden.toFloats(),
                    expected.get("transformer_out").floats(),
                    Golden.Tolerance.HIDDEN);
            Golden.assertClose(
                    "text logits",
                    model.textLogits(hidden).toFloats(),
                    expected.get("text_logits").floats(),
                    Golden.Tolerance.TEXT_LOGITS);
            int count = batch.codes().rows() * batch.codes().steps();
            Tensor targets = Tensor.of(batch.codes().targets(), Device.CPU, count, 1L + config.modelCodebooks());
            Tensor[] logits = model.audioLogits(hidden.view(count, config.dim()), targets, none)
                    .toArray(Tensor[]::new);
            Golden.assertClose(
                    "audio logits",
                    Ops.stack(1, logits).toFloats(),
                    expected.get("audio_logits").floats(),
                    Golden.Tolerance.AUDIO_LOGITS);
        }
    }

    private static Parameters adapter() {
        return Parameters.read(
                SafetensorsFile.open(Golden.path("train/lora/adapter/lora.safetensors")), TensorNames.SAME, Device.CPU);
    }

    private void checkAdapter(String file, RmsNorm.Spec norm, boolean sees) throws IOException {
        LmConfig config = GoldenTraining.lmConfig(scratch);
        Map<String, Golden.Values> expected = Golden.tensors(file);
        GoldenTraining.Batch batch = GoldenTraining.batch(config);
        var set = Golden.json("train/lora/config.json");
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = GoldenTraining.lmParameters(config);
                Parameters pairs = adapter()) {
            LanguageSequence model = new LanguageSequence(
                    parameters,
                    new AdapterParameters(
                            pairs,
                            config.modelCodebooks(),
                            set.get("lora_rank").intValue(),
                            set.get("lora_scaling").doubleValue()),
                    config,
                    norm,
                    DType.F32);
            pairs.train(name -> true);
            Pictures pictures = sees ? batch.pictures(batch.images().tensor()) : null;
            Recomputation recomputation = new Recomputation(true);
            DialogueLoss loss = DialogueLoss.of(
                    model, batch.codes(), pictures, GoldenTraining.weights(), Device.CPU, recomputation);
            assertLoss(loss, expected);
            recomputation.backward(loss.total());
            GoldenTraining.assertGradients(pairs.all(), expected, Map.of(), LORA);
            assertThat(parameters.trained()).isEmpty();
        }
    }

    @Test
    void everyGradientOfAnAdapterIsThatOfTheReference() throws IOException {
        checkAdapter("train/lora/expected.safetensors", RmsNorm.Spec.VARIANCE, true);
    }

    @Test
    void plainMoshiWithAnAdapterHasTheGradientsOfItsFineTuning() throws IOException {
        checkAdapter("train/lora/expected_plain_moshi.safetensors", RmsNorm.Spec.MEAN_OF_SQUARES, false);
    }
}
