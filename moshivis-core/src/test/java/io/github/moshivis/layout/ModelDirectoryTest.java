package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
    /** The keys of the release's file: no size of the language model is among them. */
    private static final String RELEASED_YAML =
            """
            add_boi_eoi: false
            align_img_and_speech_tokens_dim: true
            encoder_name: siglip_gemma2_448
            hf_repo: 'kyutai/moshika-vis-pytorch-bf16'
            image_size: 512
            interpolation: bicubic
            mimi_codec: tokenizer-e351c8d8-checkpoint125.safetensors
            model: model.safetensors
            norm_extra: null
            norm_xa: rms_norm
            num_crossattended_tokens: -1
            num_extra_tokens: 0
            text_tokenizer: tokenizer_spm_32k_3.model
            xa_conditional_gating: true
            xa_delay: 0
            xa_dim: null
            xa_end: end
            xa_gate_shared: false
            xa_gating: sigmoid
            xa_layers: []
            xa_rope: false
            xa_shared: true
            xa_start: start
            xa_step: 1
            """;

    @TempDir
    Path directory;

    @Test
    void readsTheSizesOfTheGoldenModel() throws IOException {
        Path model = Golden.path("e2e/model");
        JsonNode yaml =
                new YAMLMapper().readTree(model.resolve("moshika-vis.yaml").toFile());
        JsonNode siglip = Golden.json("e2e/model/siglip_config.json");
        JsonNode mimi = Golden.json("e2e/model/mimi_config.json");

        ModelDirectory read = ModelDirectory.read(model);

        LmConfig lm = read.config().lm();
        assertThat(lm.dim()).isEqualTo(yaml.get("dim").asInt());
        assertThat(lm.heads()).isEqualTo(yaml.get("num_heads").asInt());
        assertThat(lm.layers()).isEqualTo(yaml.get("num_layers").asInt());
        assertThat(lm.context()).isEqualTo(yaml.get("context").asInt());
        assertThat(lm.hiddenScale()).isEqualTo(yaml.get("hidden_scale").asDouble());
        assertThat(lm.textCard()).isEqualTo(yaml.get("text_card").asInt());
        assertThat(lm.audioCard()).isEqualTo(yaml.get("audio_card").asInt());
        assertThat(lm.delays()).hasToString(yaml.get("delays").toString().replace(",", ", "));
        assertThat(lm.depth().dim()).isEqualTo(yaml.get("depformer_dim").asInt());
        assertThat(lm.depth().layers())
                .isEqualTo(yaml.get("depformer_num_layers").asInt());
        assertThat(lm.depth().feedForward())
                .isEqualTo(yaml.get("depformer_dim_feedforward").asInt());
        assertThat(lm.imageDim()).hasValue(lm.dim());
        VisionConfig vision = read.config().vision();
        assertThat(vision.hidden()).isEqualTo(siglip.get("hidden_size").asInt());
        assertThat(vision.imageSize()).isEqualTo(siglip.get("image_size").asInt());
        MimiConfig codec = read.config().mimi();
        assertThat(codec.quantizer().bins())
                .isEqualTo(mimi.get("quantizer").get("bins").asInt());
        assertThat(codec.transformer().context())
                .isEqualTo(mimi.get("transformer").get("context").asInt());
        assertThat(codec.seanet().ratios())
                .hasToString(mimi.get("seanet").get("ratios").toString().replace(",", ", "));
        assertThat(read.files().checkPresent(true).lm()).isEqualTo(model.resolve("model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lm", "vision"})
    void readsTheSizesOfTheOtherGoldenSets(String set) throws IOException {
        JsonNode config = Golden.json(set + "/config.json");
        JsonNode siglip = config.get("siglip_vision_config");
        ModelConfig read = Golden.config(set, directory);
        assertThat(read.vision().layers())
                .isEqualTo(siglip.get("num_hidden_layers").asInt());
        assertThat(read.lm().layers())
                .isEqualTo(config.path("moshi").path("num_layers").asInt(LmConfig.MOSHIKA_VIS.layers()));
    }

    @Test
    void anEmptyDirectoryHasTheReleasedSizesAndNames() {
        ModelDirectory read = ModelDirectory.read(directory);
        assertThat(read.config()).isEqualTo(ModelConfig.MOSHIKA_VIS);
        assertThat(read.files())
                .isEqualTo(new ModelFiles(
                        directory.resolve("model.safetensors"),
                        directory.resolve("tokenizer-e351c8d8-checkpoint125.safetensors"),
                        directory.resolve("tokenizer_spm_32k_3.model")));
    }

    @Test
    void theYamlOfTheReleaseHasTheReleasedSizesAndNoUnknownKey() throws IOException {
        Files.writeString(directory.resolve("moshika-vis.yaml"), RELEASED_YAML);
        List<String> warnings = warningsOf(
                () -> assertThat(ModelDirectory.read(directory).config()).isEqualTo(ModelConfig.MOSHIKA_VIS));
        assertThat(warnings).isEmpty();
    }

    @Test
    void anyOnlyYamlNamesTheFiles() throws IOException {
        Files.writeString(
                directory.resolve("mine.yml"), "model: a.safetensors\nmimi_codec: sub/b\ntext_tokenizer: /abs/c\n");
        ModelFiles files = ModelDirectory.read(directory).files();
        assertThat(files)
                .isEqualTo(new ModelFiles(
                        directory.resolve("a.safetensors"), directory.resolve("sub/b"), Path.of("/abs/c")));
    }

    @Test
    void aFileStandsForItsDirectory() throws IOException {
        Path lm = Files.createFile(directory.resolve("other.safetensors"));
        Path yaml = Files.writeString(directory.resolve("a.yaml"), "num_layers: 2\nmodel: named.safetensors\n");
        assertThat(ModelDirectory.read(lm).files().lm()).isEqualTo(lm);
        assertThat(ModelDirectory.read(lm).config().lm().layers()).isEqualTo(2);
        Files.writeString(directory.resolve("b.yaml"), "num_layers: 3\n");
        assertThat(ModelDirectory.read(yaml).files().lm()).isEqualTo(directory.resolve("named.safetensors"));
        assertThat(ModelDirectory.read(yaml).config().lm().layers()).isEqualTo(2);
    }

    @Test
    void severalYamlFilesAreRefusedUnlessOneIsTheReleases() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "dim: 64");
        Files.writeString(directory.resolve("b.yml"), "dim: 32");
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(directory.toString(), "a.yaml", "b.yml", "moshika-vis.yaml");
        Files.writeString(directory.resolve("moshika-vis.yaml"), "num_layers: 2");
        assertThat(ModelDirectory.read(directory).config().lm().layers()).isEqualTo(2);
    }

    @Test
    void unknownKeysAreLoggedOnceAFileAndIgnored() throws IOException {
        Files.writeString(directory.resolve("moshika-vis.yaml"), "color: green\nnum_layers: 2\nanswer: {to: 42}\n");
        List<String> warnings = warningsOf(() -> ModelDirectory.read(directory));
        assertThat(warnings).singleElement().asString().contains("[answer, color]", "moshika-vis.yaml");
    }

    @Test
    void missingFilesAreListedTogether() throws IOException {
        Files.createFile(directory.resolve(ModelLayout.Companion.TOKENIZER.released()));
        ModelFiles files = ModelDirectory.read(directory).files();
        assertThatThrownBy(() -> files.checkPresent(true))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(
                        "language model at " + directory.resolve(ModelLayout.LM),
                        "Mimi codec at " + directory.resolve(ModelLayout.Companion.MIMI.released()),
                        "Download")
                .hasMessageNotContaining("tokenizer_spm");
        Path other = Files.createFile(directory.resolve("other"));
        assertThat(files.lm(other).mimi(other).tokenizer(other).checkPresent(true))
                .isEqualTo(new ModelFiles(other, other, other));
    }

    @Test
    void nothingThereIsSaidSo() {
        assertThatThrownBy(() -> ModelDirectory.read(directory.resolve("gone")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(directory.resolve("gone").toString(), "nothing there");
    }

    @Test
    void theEncodersNameGivesItsTrainedSize() throws IOException {
        Files.writeString(directory.resolve("moshika-vis.yaml"), "encoder_name: siglip_gemma2_224");
        assertThat(ModelDirectory.read(directory).config().vision().positions()).isEqualTo(256);
    }

    @Test
    void unalignedImageTokensKeepTheEncodersWidth() throws IOException {
        Files.writeString(directory.resolve("moshika-vis.yaml"), "align_img_and_speech_tokens_dim: false");
        ModelConfig config = ModelDirectory.read(directory).config();
        assertThat(config.lm().imageDim()).hasValue(config.vision().hidden());
        assertThat(config.projectsImages()).isFalse();
    }

    @Test
    void aModelWithoutCrossAttentionMayLeaveItsKeysEmpty() throws IOException {
        Files.writeString(
                directory.resolve("moshika-vis.yaml"),
                "num_crossattended_tokens: 0\nxa_start: null\nxa_end: null\nnorm_xa: null\n");
        assertThat(ModelDirectory.read(directory).config().lm().seesImages()).isFalse();
    }

    private static List<String> warningsOf(Runnable action) {
        List<String> messages = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                messages.add(MessageFormat.format(logged.getMessage(), logged.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(ConfigNode.class.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return messages;
    }
}
