package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.PlainMoshi;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.names.CheckpointFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file is the language model, and what it says of the model. */
class LanguageModelFileTest {
    private static final Path VISION = Golden.path("lm/model.safetensors");
    private static final int CODEBOOKS = 8;

    @TempDir
    Path directory;

    private LanguageModelFile open() {
        ModelDirectory model = ModelDirectory.read(directory);
        return LanguageModelFile.open(LanguageModelFile.locate(model), model);
    }

    private boolean sees() {
        LanguageModelFile file = open();
        file.file().close();
        return file.config().lm().seesImages();
    }

    @Test
    void withoutAConfigurationTheWeightsSayWhetherItSees(@TempDir Path scratch) throws IOException {
        Golden.config("lm", scratch);
        Files.copy(scratch.resolve(ModelLayout.MIMI_CONFIG), directory.resolve(ModelLayout.MIMI_CONFIG));
        Files.copy(VISION, directory.resolve("any.name"));
        assertThat(sees()).isTrue();
        Files.delete(directory.resolve("any.name"));
        PlainMoshi.write(VISION, directory.resolve("model.safetensors"), false, CODEBOOKS);
        LanguageModelFile plain = open();
        assertThat(plain.format()).isEqualTo(CheckpointFormat.MOSHI);
        assertThat(plain.config().lm().seesImages()).isFalse();
        plain.file().close();
    }

    @ParameterizedTest(name = "attention split: {0}")
    @ValueSource(booleans = {false, true})
    void thePlainMoshiWithoutAConfigurationHasTheSizesOfItsTensors(boolean split, @TempDir Path scratch)
            throws IOException {
        LmConfig expected = Golden.config("lm", scratch).lm();
        Files.copy(scratch.resolve(ModelLayout.MIMI_CONFIG), directory.resolve(ModelLayout.MIMI_CONFIG));
        PlainMoshi.write(VISION, directory.resolve("model.safetensors"), split, CODEBOOKS);

        LanguageModelFile file = open();
        file.file().close();

        LmConfig found = file.config().lm();
        LmConfig released = LmConfig.MOSHIKA_VIS;
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFields("heads", "context", "depth.heads", "imageDim", "hiddenScale", "depth.feedForward")
                .isEqualTo(expected);
        assertThat(found.hidden()).isEqualTo(expected.hidden());
        assertThat(found.depth().hidden()).isEqualTo(expected.depth().hidden());
        assertThat(found.heads()).isEqualTo(released.heads());
        assertThat(found.depth().heads()).isEqualTo(released.depth().heads());
        assertThat(found.context()).isEqualTo(released.context());
    }

    @Test
    void anIncompletePlainMoshiWithoutAConfigurationIsRefusedByTheMissingTensor() throws IOException {
        Path whole = PlainMoshi.write(VISION, directory.resolve("whole"), false, CODEBOOKS);
        try (TensorFile file = SafetensorsFile.open(whole)) {
            Map<TensorSpec, ByteBuffer> kept = new LinkedHashMap<>();
            file.tensors().values().stream()
                    .filter(tensor -> !tensor.name().equals("text_emb.weight"))
                    .forEach(tensor -> kept.put(
                            new TensorSpec(tensor.name(), tensor.type(), tensor.shape()),
                            file.bytes(tensor.name()).slice()));
            try (TensorWriter writer =
                    SafetensorsWriter.create(directory.resolve("model.safetensors"), kept.keySet(), Map.of())) {
                kept.forEach((spec, bytes) -> writer.write(spec.name(), bytes));
                writer.commit();
            }
        }
        Files.delete(whole);

        assertThatThrownBy(this::open)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("model.safetensors", "no text_emb.weight", "config.json");
    }

    @Test
    void plainMoshiNeverSees() throws IOException {
        PlainMoshi.write(VISION, directory.resolve("model.safetensors"), true, CODEBOOKS);
        Files.writeString(directory.resolve(ModelLayout.YAML), "num_layers: 3\n");
        assertThat(sees()).isFalse();
    }

    @Test
    void plainMoshisConfigurationNamesFilesAndSizes() throws IOException {
        PlainMoshi.write(VISION, directory.resolve("mine"), false, CODEBOOKS);
        Files.copy(VISION, directory.resolve("another"));
        Files.writeString(
                directory.resolve("config.json"),
                """
                {"moshi_name": "mine", "mimi_name": "codec", "tokenizer_name": "pieces", "dim": 64, "num_heads": 4,
                 "num_layers": 3, "hidden_scale": 4.5, "text_card": 120, "card": 2048, "n_q": 16, "dep_q": 8,
                 "existing_text_padding_id": 2, "depformer_dim": 32, "depformer_num_heads": 4, "depformer_num_layers": 2,
                 "gating": "silu", "depformer_gating": "silu", "layer_scale": null, "depformer_pos_emb": "none",
                 "model_type": "moshi", "depformer_max_period": 10000}
                """);
        ModelDirectory model = ModelDirectory.read(directory);
        LmConfig lm = model.config().lm();
        assertThat(model.files().lm()).isEqualTo(directory.resolve("mine"));
        assertThat(model.files().mimi()).isEqualTo(directory.resolve("codec"));
        assertThat(model.files().tokenizer()).isEqualTo(directory.resolve("pieces"));
        assertThat(LanguageModelFile.locate(model)).isEqualTo(model.files().lm());
        assertThat(lm.dim()).isEqualTo(64);
        assertThat(lm.paddingToken()).isEqualTo(2);
        assertThat(lm.depth().feedForward()).isEqualTo((int) (4.5 * 32));
        assertThat(lm.seesImages()).isFalse();
        assertThat(sees()).isFalse();
    }

    @Test
    void otherModelsOfMoshisFamilyAreRefused() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"dep_q\": 8, \"model_type\": \"hibiki\"}");
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("config.json", "model_type", "hibiki", "moshi");
    }

    @Test
    void anyOtherConfigJsonIsNobodysBusiness() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"dim\": 1, \"architectures\": [\"Other\"]}");
        assertThat(ModelDirectory.read(directory).config().lm()).isEqualTo(LmConfig.MOSHIKA_VIS);
    }

    @Test
    void aNamedFileIsTakenAmongSeveral() throws IOException {
        Files.copy(VISION, directory.resolve("model.safetensors"));
        Path other = Files.copy(VISION, directory.resolve("other"));
        ModelDirectory model = ModelDirectory.read(directory);
        assertThatThrownBy(() -> LanguageModelFile.locate(model))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("[model.safetensors, other]", "Name the file");
        assertThat(LanguageModelFile.locate(ModelDirectory.read(other))).isEqualTo(other);
        assertThat(LanguageModelFile.locate(model.lm(other))).isEqualTo(other);
        Path yaml = Files.writeString(directory.resolve(ModelLayout.YAML), "model: model.safetensors\n");
        assertThat(LanguageModelFile.locate(ModelDirectory.read(directory)))
                .isEqualTo(directory.resolve("model.safetensors"));
        Files.writeString(yaml, "model: of.another.form\n");
        Files.delete(directory.resolve("model.safetensors"));
        assertThat(LanguageModelFile.locate(ModelDirectory.read(directory)))
                .as("the only one there is")
                .isEqualTo(other);
    }

    @Test
    void aFileThatWasGivenAndIsNotThereIsNotReplaced() throws IOException {
        Files.copy(VISION, directory.resolve("model.safetensors"));
        Path gone = directory.resolve("gone");
        ModelDirectory model = ModelDirectory.read(directory).lm(gone);
        assertThat(LanguageModelFile.locate(model)).isEqualTo(gone);
    }
}
