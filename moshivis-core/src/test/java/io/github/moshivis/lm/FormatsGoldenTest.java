package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Tolerance;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.PlainMoshi;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.CheckpointFormat;
import io.github.moshivis.weights.names.LanguageModelFiles;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.quant.GroupedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden set formats: the checkpoint of the set lm in every other form gives what it gives, or what its quantized values give. */
class FormatsGoldenTest {
    @TempDir
    Path scratch;

    private static Path file(String form) {
        JsonNode files = Golden.json("formats/config.json").get("files");
        return Golden.path("formats/" + files.get(form).asText());
    }

    private static CheckpointFormat format(TensorFile file) {
        return CheckpointFormat.require(file);
    }

    @ParameterizedTest
    @CsvSource({"candle-bf16,CANDLE", "candle-q8,CANDLE", "mlx-bf16,MLX", "mlx-q4,MLX", "mlx-q8,MLX"})
    void isRecognizedByItsContent(String form, CheckpointFormat expected) {
        try (TensorFile file = LanguageModelFiles.open(file(form))) {
            assertThat(format(file)).isEqualTo(expected);
            assertThat(CheckpointFormat.seesImages(file.tensors().keySet())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"candle-q8", "mlx-q4", "mlx-q8"})
    void quantizedTensorsAreTheReferencesNumbers(String form) {
        Map<String, Values> expected = Golden.tensors("formats/" + form + "/dequantized.safetensors");
        try (Weights weights = new Weights(LanguageModelFiles.open(file(form)), TensorNames.SAME, Device.CPU)) {
            expected.forEach((name, values) -> {
                try (Scope scope = Scope.open()) {
                    assertThat(weights.as(DType.F32)
                                    .tensor(name, values.shape())
                                    .toFloats())
                            .as(name)
                            .isEqualTo(values.floats());
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"candle-q8,gguf_sums_float64", "mlx-q4,mlx_q4", "mlx-q8,mlx_q8"})
    void everyTensorHasTheReferencesSum(String form, String key) {
        JsonNode manifest = Golden.json("formats/manifest.json").get(key);
        JsonNode sums = manifest.path("sums_float64").isMissingNode() ? manifest : manifest.get("sums_float64");
        TensorFile file = LanguageModelFiles.open(file(form));
        try (Weights weights = new Weights(file, TensorNames.SAME, Device.CPU)) {
            assertThat(sums.properties()).isNotEmpty();
            sums.properties().forEach(sum -> {
                StoredTensor stored = file.tensors().get(sum.getKey());
                long[] shape = stored.shape().toArray();
                if (stored.type() == StoredType.U32) {
                    shape[1] = shape[1] * 32 / manifest.get("bits").asInt();
                }
                double actual = 0;
                try (Scope scope = Scope.open()) {
                    for (float value :
                            weights.as(DType.F32).tensor(sum.getKey(), shape).toFloats()) {
                        actual += value;
                    }
                }
                assertThat(actual).as(sum.getKey()).isCloseTo(sum.getValue().asDouble(), within(1e-6));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"candle-q8", "mlx-q4", "mlx-q8"})
    void theFilesOwnGroupsGiveTheSameNumbers(String form) throws IOException {
        LmConfig config = Golden.config("lm", scratch).lm();
        try (Opened opened = new Opened(file(form), config, RmsNorm.Spec.VARIANCE);
                Scope scope = Scope.open()) {
            for (String name : List.of("text.head", "temporal.layers.1.feedForward.output", "cross.keyValue")) {
                long out = name.equals("text.head")
                        ? config.textCard()
                        : name.startsWith("cross") ? 2L * config.dim() : config.dim();
                long in = name.endsWith("feedForward.output") ? config.hidden() : config.dim();
                GroupedWeights grouped = opened.weights.grouped(name, out, in).orElseThrow();
                long groups = in / grouped.group();
                Tensor values = grouped.values().to(DType.F32).view(out, groups, grouped.group());
                Tensor numbers = values.mul(grouped.scales().unsqueeze(2))
                        .add(grouped.offsets().unsqueeze(2));
                assertThat(numbers.toFloats())
                        .as(name)
                        .containsExactly(opened.weights
                                .as(DType.F32)
                                .tensor(name, out, in)
                                .toFloats());
            }
            assertThat(opened.weights.grouped("temporal.norm", 1, config.dim())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"candle-bf16", "mlx-bf16"})
    void unquantizedFormsGiveTheVeryTokens(String form) throws IOException {
        LmConfig config = Golden.config("lm", scratch).lm();
        for (String trace : List.of("no_image", "switch")) {
            follow(file(form), config, "lm/expected_" + trace + ".safetensors", trace.equals("switch"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void plainMoshiGivesTheTokensOfTheModelWithoutAnImage(boolean split) throws IOException {
        LmConfig config = Golden.config("lm", scratch).images(false).lm();
        Path file = PlainMoshi.write(
                Golden.path("lm/model.safetensors"), scratch.resolve("plain"), split, config.modelCodebooks());
        follow(file, config, "lm/expected_no_image.safetensors", false);
        try (TensorFile open = LanguageModelFiles.open(file)) {
            assertThat(format(open)).isEqualTo(CheckpointFormat.MOSHI);
            assertThat(CheckpointFormat.seesImages(open.tensors().keySet())).isFalse();
        }
    }

    /** A model of the set's sizes in some file, all of whose tensors are there and asked for. */
    private static final class Opened implements AutoCloseable {
        final Weights weights;
        final LanguageModel model;

        Opened(Path path, LmConfig config, RmsNorm.Spec norm) {
            TensorFile file = LanguageModelFiles.open(path);
            TensorNames names =
                    format(file).table(config.modelCodebooks(), file.tensors().keySet());
            weights = new Weights(file, names, Device.CPU);
            model = LanguageModelLoader.load(weights.as(DType.F32), config, norm);
            weights.verify(name -> names.isUnder("image.", name));
        }

        @Override
        public void close() {
            weights.close();
        }
    }

    private static void follow(Path file, LmConfig config, String trace, boolean looks) {
        Map<String, Values> expected = Golden.tensors(trace);
        try (Opened opened = new Opened(file, config, RmsNorm.Spec.VARIANCE);
                LmState state = opened.model.newState(1, 64, 0)) {
            for (int step = 0; step < expected.get("user_codes").shape()[0]; step++) {
                try (Scope scope = Scope.open()) {
                    LanguageModel.Step actual =
                            step(opened.model, state, expected.get("user_codes"), null, step, looks);
                    assertThat(actual.sampled().toLongs())
                            .as("step " + step)
                            .isEqualTo(expected.get("sampled_tokens").row(step).longs());
                    assertLogits(actual, expected, step);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"candle-q8", "mlx-q4", "mlx-q8"})
    void quantizedFormsGiveTheLogitsOfTheirNumbers(String form) throws IOException {
        Map<String, Values> expected = Golden.tensors("formats/" + form + "/expected_switch_forced.safetensors");
        Values codes = Golden.tensors("lm/expected_switch.safetensors").get("user_codes");
        LmConfig config = Golden.config("lm", scratch).lm();
        try (Opened opened = new Opened(file(form), config, RmsNorm.Spec.VARIANCE);
                LmState state = opened.model.newState(1, 64, 0)) {
            for (int step = 0; step < codes.shape()[0]; step++) {
                try (Scope scope = Scope.open()) {
                    Tensor forced =
                            expected.get("forced_tokens").row(step).ids().unsqueeze(0);
                    assertLogits(step(opened.model, state, codes, forced, step, true), expected, step);
                }
            }
        }
    }

    /** One step of the trace "switch", or of one without an image. */
    private static LanguageModel.Step step(
            LanguageModel model, LmState state, Values codes, Tensor forced, int step, boolean looks) {
        if (looks && step % 20 == 0) {
            Values features = Golden.tensors("lm/inputs.safetensors").get("image_embeddings_" + (step / 20 + 1));
            state.setImage(0, model.imageKeysValues(features.tensor()));
        }
        Tensor user = codes.row(step).ids().unsqueeze(0);
        Rows rows = Rows.all(Device.CPU, 1);
        boolean[] looking = {looks};
        return forced == null
                ? model.step(user, rows, state, looking)
                : model.forcedStep(user, forced, rows, state, looking);
    }

    private static void assertLogits(LanguageModel.Step actual, Map<String, Values> expected, int step) {
        Golden.assertClose(
                "text logits of step " + step,
                actual.textLogits().toFloats(),
                expected.get("text_logits").row(step).floats(),
                Tolerance.TEXT_LOGITS);
        Golden.assertClose(
                "audio logits of step " + step,
                Ops.cat(0, actual.audioLogits()).toFloats(),
                expected.get("audio_logits").row(step).floats(),
                Tolerance.AUDIO_LOGITS);
    }
}
