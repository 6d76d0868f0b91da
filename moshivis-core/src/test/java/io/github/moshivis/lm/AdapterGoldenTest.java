package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.Leaks;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.AdapterFiles;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.Adapter;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.quant.MatrixForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden set lora: adapters that moshi-finetune wrote, and the public reference's traces with them. */
class AdapterGoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path scratch;

    /** A directory that holds the configuration of the set's plain Moshi, with a codec that fits it. */
    private ModelDirectory plain(String config) throws IOException {
        Files.copy(Golden.path("lora/plain/" + config), scratch.resolve(ModelLayout.MOSHI_CONFIG));
        ObjectNode mimi = (ObjectNode) Golden.json("mimi/config.json").get("mimi");
        ((ObjectNode) mimi.get("quantizer"))
                .put("bins", Golden.json("lora/plain/" + config).get("card").asInt());
        JSON.writeValue(scratch.resolve(ModelLayout.MIMI_CONFIG).toFile(), mimi);
        return ModelDirectory.read(scratch);
    }

    private static Adapter adapter(String path, int codebooks) {
        return Adapter.open(AdapterFiles.read(Golden.path(path)), codebooks);
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors, config.json, , expected_base",
        "model.safetensors, config.json, adapter, expected_adapter",
        "model.safetensors, config.json, adapter_fused_names, expected_adapter",
        "model.safetensors, config.json, adapter_ft_embed, expected_adapter_ft_embed",
        "consolidated/consolidated.safetensors, consolidated/config.json, , expected_consolidated_forced"
    })
    void plainMoshiEqualsTheReference(String file, String config, String adapter, String trace) throws IOException {
        Map<String, Values> expected = Golden.tensors("lora/plain/" + trace + ".safetensors");
        try (Weights weights = plainWeights(file, config, adapter)) {
            LmConfig sizes = ModelDirectory.read(scratch).config().images(false).lm();
            LanguageModel model = LanguageModelLoader.load(weights.as(DType.F32), sizes, RmsNorm.Spec.MEAN_OF_SQUARES);
            weights.verify(name -> false);
            try (LmState state = model.newState(1, 0, 0)) {
                for (int step = 0; step < expected.get("user_codes").shape()[0]; step++) {
                    try (Scope scope = Scope.open()) {
                        boolean due = state.hasOutput(0);
                        LmGoldenTest.compare(
                                trace + " step " + step, step(model, state, expected, step), due, expected, step);
                    }
                }
            }
        }
    }

    private static LanguageModel.Step step(LanguageModel model, LmState state, Map<String, Values> trace, int step) {
        Tensor codes = LmGoldenTest.codes(trace, step);
        Rows rows = Rows.all(Device.CPU, 1);
        return trace.containsKey("forced_tokens")
                ? model.forcedStep(
                        codes, trace.get("forced_tokens").row(step).ids().unsqueeze(0), rows, state, new boolean[1])
                : model.step(codes, rows, state, new boolean[1]);
    }

    private Weights plainWeights(String file, String config, String adapter) throws IOException {
        LanguageModelFile lm = LanguageModelFile.open(Golden.path("lora/plain/" + file), plain(config));
        Adapter opened = adapter == null
                ? null
                : adapter("lora/plain/" + adapter, lm.config().lm().modelCodebooks());
        return new Weights(lm.file(), lm.names(), Device.CPU, opened);
    }

    @Test
    void matricesAreFusedInFloat32() throws IOException {
        Map<String, Values> expected = Golden.tensors("lora/plain/fused_f32.safetensors");
        try (Weights weights = plainWeights("model.safetensors", "config.json", "adapter")) {
            Values text = expected.get("text_linear.weight");
            Values first = expected.get("transformer.layers.0.self_attn.in_proj_weight");
            Golden.assertClose(
                    "text.head",
                    weights.as(DType.F32).tensor("text.head", text.shape()).toFloats(),
                    text.floats(),
                    1e-6);
            Golden.assertClose(
                    "attention.input",
                    weights.as(DType.F32)
                            .tensor("temporal.layers.0.attention.input", first.shape())
                            .toFloats(),
                    first.floats(),
                    1e-6);
        }
    }

    @Test
    void anAdapterOfMoshiFitsMoshiVis() throws IOException {
        Map<String, Values> expected = Golden.tensors("lora/vis/expected_switch.safetensors");
        Map<String, Values> inputs = Golden.tensors("lm/inputs.safetensors");
        LmConfig sizes = Golden.config("lm", scratch).lm();
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (LmFixture fixture = new LmFixture(sizes, DType.F32, adapter("lora/vis/adapter", sizes.modelCodebooks()));
                LmState state = fixture.model.newState(1, 64, 0)) {
            for (int step = 0; step < expected.get("user_codes").shape()[0]; step++) {
                try (Scope scope = Scope.open()) {
                    int picture = LmGoldenTest.pictureAt("switch", step);
                    Tensor features = inputs.get("image_embeddings_" + picture).tensor();
                    state.setImage(0, fixture.model.imageKeysValues(features));
                    boolean due = state.hasOutput(0);
                    LanguageModel.Step actual = fixture.model.step(
                            LmGoldenTest.codes(expected, step), Rows.all(Device.CPU, 1), state, new boolean[] {true});
                    LmGoldenTest.compare("step " + step, actual, due, expected, step);
                }
            }
        }
        Leaks.assertNone(before);
    }

    @Test
    void theFusedMatrixIsQuantized() throws IOException {
        LmConfig sizes = Golden.config("lm", scratch).lm();
        String name = "text.head";
        try (LmFixture fixture = new LmFixture(sizes, DType.F32, adapter("lora/vis/adapter", sizes.modelCodebooks()));
                Scope scope = Scope.open()) {
            Tensor fused = fixture.weights.as(DType.F32).tensor(name, sizes.textCard(), sizes.dim());
            Tensor x = Tensor.of(new float[sizes.dim()], Device.CPU, 1, sizes.dim())
                    .add(0.5);
            float[] packed = fixture.weights
                    .as(DType.F32)
                    .in(MatrixForm.INT8)
                    .linear(name, sizes.textCard(), sizes.dim())
                    .forward(x)
                    .toFloats();
            float[] exact = x.matmul(fused.transpose(0, 1)).toFloats();
            Golden.assertClose("8 bits of the fused matrix", packed, exact, 0.1);
        }
    }

    @Test
    void anAdapterOfAnotherRankIsRefusedByName() throws IOException {
        Path copy = Files.createDirectory(scratch.resolve("adapter"));
        Files.copy(Golden.path("lora/plain/adapter/lora.safetensors"), copy.resolve(AdapterFiles.WEIGHTS));
        ObjectNode config = (ObjectNode) Golden.json("lora/plain/adapter/config.json");
        JSON.writeValue(copy.resolve(ModelLayout.MOSHI_CONFIG).toFile(), config.put("lora_rank", 3));
        LanguageModelFile lm =
                LanguageModelFile.open(Golden.path("lora/plain/model.safetensors"), plain("config.json"));
        LmConfig sizes = lm.config().lm();

        try (Weights weights = new Weights(
                lm.file(), lm.names(), Device.CPU, Adapter.open(AdapterFiles.read(copy), sizes.modelCodebooks()))) {
            LanguageModelLoader.load(weights.as(DType.F32), sizes, RmsNorm.Spec.MEAN_OF_SQUARES);
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> weights.verify(name -> false))
                    .withMessageContainingAll("rank 3", "in_projs.0.lora_A.weight", "expected [3, ", "trained with");
        }
    }

    @Test
    void adaptersAreFoundInTheDirectoriesOfARun() throws IOException {
        Path run = scratch.resolve("run");
        for (String checkpoint : new String[] {"checkpoint_000100", "checkpoint_000200"}) {
            Path consolidated = Files.createDirectories(run.resolve("checkpoints/" + checkpoint + "/consolidated"));
            for (String file : new String[] {AdapterFiles.WEIGHTS, ModelLayout.MOSHI_CONFIG}) {
                Files.copy(Golden.path("lora/plain/adapter/" + file), consolidated.resolve(file));
            }
        }

        AdapterFiles found = AdapterFiles.read(run.resolve("checkpoints/checkpoint_000100"));
        assertThat(found.weights()).endsWith(Path.of("checkpoint_000100/consolidated/lora.safetensors"));
        assertThat(found.rank()).isEqualTo(4);
        assertThat(found.scaling()).isEqualTo(2);
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> AdapterFiles.read(run))
                .withMessageContainingAll("checkpoint_000100", "checkpoint_000200", "Name one of them");
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> AdapterFiles.read(scratch))
                .withMessageContainingAll("no lora.safetensors", "Check the path");
    }

    @Test
    void anAdapterWhoseConfigurationHasNoneIsRefused() throws IOException {
        Path copy = Files.createDirectory(scratch.resolve("adapter"));
        Files.copy(Golden.path("lora/plain/adapter/lora.safetensors"), copy.resolve(AdapterFiles.WEIGHTS));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> AdapterFiles.read(copy))
                .withMessageContainingAll("no config.json", "lora_rank");

        Files.copy(Golden.path("lora/plain/config.json"), copy.resolve(ModelLayout.MOSHI_CONFIG));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> AdapterFiles.read(copy))
                .withMessageContainingAll("lora", "true beside an adapter");
    }
}
