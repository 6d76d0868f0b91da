package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.layout.ConfiguredNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndSettingsTest {
    @TempDir
    Path folder;

    @Test
    void aNameHasAnOwnerANameAndPerhapsARevision() {
        ModelName name = ModelName.parse("kyutai/moshika-vis-pytorch-bf16@v1.0");

        assertThat(name.owner()).isEqualTo("kyutai");
        assertThat(name.name()).isEqualTo("moshika-vis-pytorch-bf16");
        assertThat(name.revision()).hasValue("v1.0");
        assertThat(name.repository()).isEqualTo("kyutai/moshika-vis-pytorch-bf16");
        assertThat(name).hasToString("kyutai/moshika-vis-pytorch-bf16@v1.0");
        assertThat(ModelName.parse("a/b")).hasToString("a/b");
        assertThat(ModelName.parse("a/b").revisionOrDefault()).isEqualTo("main");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name",
                "a/b/c",
                "/b",
                "a/",
                "a//b",
                "../b",
                "a/..",
                "a/b--c",
                "a/b.git",
                "a/-b",
                "a/b.",
                "a b/c",
                "a/b@",
                "./model",
                "C:\\models\\x",
                "a/é",
                "a/b@x@{y}"
            })
    void otherTextsAreNoNames(String text) {
        assertThat(ModelName.isModelName(text)).isFalse();
        assertThatThrownBy(() -> ModelName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBadNameIsToldWithAGoodOne() {
        assertThatThrownBy(() -> ModelName.parse("model"))
                .hasMessageContainingAll("\"model\"", "owner/name or owner/name@revision");
        assertThatThrownBy(() -> ModelName.parse("a b/c")).hasMessageContaining("kyutai/moshika-vis-pytorch-bf16");
    }

    @ParameterizedTest
    @CsvSource({"safetensors,SAFETENSORS", "mlx-q8,MLX_Q8", "MLX_Q4,MLX_Q4", "GGUF,GGUF"})
    void formatsHaveNames(String text, ModelFormat format) {
        assertThat(ModelFormat.parse(text)).isEqualTo(format);
        assertThat(ModelFormat.parse(format.toString())).isEqualTo(format);
    }

    @Test
    void anUnknownFormatIsToldWithTheKnownOnes() {
        assertThatThrownBy(() -> ModelFormat.parse("onnx"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("onnx", "safetensors, mlx-q8, mlx-q4, gguf");
    }

    private static final List<String> COMMON = List.of("README.md", "moshika-vis.yaml", TestRepo.TEXT, TestRepo.MIMI);

    private static final ConfiguredNames VIS =
            new ConfiguredNames(Optional.empty(), Optional.empty(), Optional.empty(), true);

    private static List<String> chosen(Optional<ModelFormat> format, String... files) {
        List<String> all = new java.util.ArrayList<>(COMMON);
        all.addAll(List.of(files));
        List<String> chosen = FileChoice.of(all, format, VIS, "owner/name").files();
        return chosen.subList(3, chosen.size());
    }

    @Test
    void theFileListTellsTheFormat() {
        assertThat(chosen(Optional.empty(), "model.safetensors", "model.q4.safetensors"))
                .containsExactly("model.safetensors");
        assertThat(chosen(Optional.empty(), "model.q4.safetensors", "model.q8.safetensors"))
                .containsExactly("model.q8.safetensors");
        assertThat(chosen(Optional.of(ModelFormat.MLX_Q4), "model.q4.safetensors", "model.q8.safetensors"))
                .containsExactly("model.q4.safetensors");
        assertThat(chosen(Optional.empty(), "model.q8_0.gguf", "model_vision_tower_unquant.safetensors"))
                .containsExactly("model.q8_0.gguf", "model_vision_tower_unquant.safetensors");
        assertThat(chosen(Optional.empty(), "a.gguf", "a_vision_tower_unquant.safetensors"))
                .containsExactly("a.gguf", "a_vision_tower_unquant.safetensors");
        assertThat(chosen(Optional.empty(), "model.safetensors", "model.safetensors.index.json"))
                .as("whole weights need no index")
                .containsExactly("model.safetensors");
    }

    @Test
    void configurationIsOfTheTopOnly() {
        List<String> all = List.of(
                TestRepo.TEXT,
                TestRepo.MIMI,
                "model.safetensors",
                "config.json",
                "mimi_config.json",
                "x.yml",
                "other.json",
                "sub/config.json",
                "sub/model.safetensors",
                "tokenizer.json");

        assertThat(FileChoice.of(all, Optional.empty(), ConfiguredNames.NONE, "x")
                        .files())
                .containsExactly(
                        "config.json", "mimi_config.json", "x.yml", TestRepo.TEXT, TestRepo.MIMI, "model.safetensors");
    }

    @Test
    void plainMoshiInGgufNeedsNoVisionPart() {
        List<String> all = List.of(TestRepo.TEXT, TestRepo.MIMI, "model.q8.gguf");

        assertThat(FileChoice.of(all, Optional.empty(), ConfiguredNames.NONE, "x")
                        .files())
                .containsExactlyElementsOf(all);
    }

    @Test
    void ofSeveralTokenizersTheConfiguredTheReleasedOrTheOnlyOneIsChosen() {
        List<String> other = List.of("tokenizer_spm_48k.model", TestRepo.MIMI, TestRepo.LM);
        List<String> both = List.of("tokenizer_spm_48k.model", TestRepo.TEXT, TestRepo.MIMI, TestRepo.LM);
        List<String> unclear = List.of("tokenizer_spm_48k.model", "tokenizer_spm_8k.model", TestRepo.MIMI, TestRepo.LM);
        ConfiguredNames named =
                new ConfiguredNames(Optional.empty(), Optional.empty(), Optional.of("tokenizer_spm_48k.model"), false);

        assertThat(FileChoice.of(other, Optional.empty(), ConfiguredNames.NONE, "x")
                        .files())
                .contains("tokenizer_spm_48k.model");
        assertThat(FileChoice.of(both, Optional.empty(), ConfiguredNames.NONE, "x")
                        .files())
                .contains(TestRepo.TEXT)
                .doesNotContain("tokenizer_spm_48k.model");
        assertThat(FileChoice.of(both, Optional.empty(), named, "x").files())
                .contains("tokenizer_spm_48k.model")
                .doesNotContain(TestRepo.TEXT);
        assertThatThrownBy(() -> FileChoice.of(unclear, Optional.empty(), ConfiguredNames.NONE, "x"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("[tokenizer_spm_48k.model, tokenizer_spm_8k.model]", TestRepo.TEXT);
        assertThatThrownBy(() ->
                        FileChoice.of(List.of(TestRepo.TEXT, TestRepo.MIMI, TestRepo.LM), Optional.empty(), named, "x"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("configuration names", "tokenizer_spm_48k.model");
    }

    @Test
    void whatAModelLacksIsNamed() {
        assertThatThrownBy(() -> chosen(Optional.empty(), "other.bin"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("owner/name", "lacks weights", "check the name");
        assertThatThrownBy(() -> chosen(Optional.of(ModelFormat.GGUF), "model.safetensors"))
                .hasMessageContainingAll("gguf", "there are: [safetensors]");
        assertThatThrownBy(() -> chosen(Optional.empty(), "model.q8_0.gguf"))
                .hasMessageContainingAll("vision part", "model_vision_tower_unquant.safetensors");
        assertThatThrownBy(() -> chosen(Optional.empty(), "a.gguf", "b.gguf"))
                .hasMessageContainingAll("[a.gguf, b.gguf]", "one .gguf file");
        assertThatThrownBy(
                        () -> FileChoice.of(List.of("model.safetensors"), Optional.empty(), ConfiguredNames.NONE, "x"))
                .hasMessageContaining("text tokenizer");
        assertThatThrownBy(() -> FileChoice.of(List.of(TestRepo.TEXT), Optional.empty(), ConfiguredNames.NONE, "x"))
                .hasMessageContaining("Mimi");
    }

    @Test
    void theCacheIsFoundAsPythonFindsIt() {
        assertThat(cacheOf(Map.of("HOME", "/h"))).isEqualTo(absolute("/h/.cache/huggingface/hub"));
        assertThat(cacheOf(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x"))).isEqualTo(absolute("/x/huggingface/hub"));
        assertThat(cacheOf(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x", "HF_HOME", "~/hf")))
                .isEqualTo(absolute("/h/hf/hub"));
        assertThat(cacheOf(Map.of("HOME", "/h", "HF_HOME", "/hf", "HF_HUB_CACHE", "$HF_HOME/c/${HOME}")))
                .isEqualTo(absolute("/hf/c/h"));
        assertThat(cacheOf(Map.of("HOME", "/h", "HF_HUB_CACHE", " "))).isEqualTo(absolute("/h/.cache/huggingface/hub"));
        assertThat(cacheOf(Map.of())).isEqualTo(absolute(System.getProperty("user.home") + "/.cache/huggingface/hub"));
    }

    private static Path cacheOf(Map<String, String> environment) {
        return HubSettings.fromEnvironment(environment).cacheDirectory();
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }

    @ParameterizedTest
    @CsvSource({"1,true", "TRUE,true", "yes,true", "On,true", "0,false", "false,false", "'',false"})
    void offlineIsReadAsPythonReadsIt(String value, boolean offline) {
        assertThat(HubSettings.fromEnvironment(Map.of("HOME", "/h", "HF_HUB_OFFLINE", value))
                        .offline())
                .isEqualTo(offline);
    }

    @Test
    void theEndpointIsAPlainAddress() {
        assertThat(HubSettings.fromEnvironment(Map.of("HOME", "/h")).endpoint()).hasToString("https://huggingface.co");
        assertThat(HubSettings.fromEnvironment(Map.of("HOME", "/h", "HF_ENDPOINT", "https://mirror.example/hf/"))
                        .endpoint())
                .hasToString("https://mirror.example/hf");
        for (String bad :
                List.of("mirror.example", "ftp://mirror.example", "https://me:pass@mirror.example", "https://a b")) {
            assertThatThrownBy(() -> HubSettings.fromEnvironment(Map.of("HOME", "/h", "HF_ENDPOINT", bad)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("HF_ENDPOINT", "plain address")
                    .hasMessageNotContaining("pass@");
        }
    }

    @Test
    void aTokenFileThatCannotBeReadIsNamed() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("token"));

        assertThatThrownBy(
                        () -> HubSettings.fromEnvironment(Map.of("HOME", "/h", "HF_TOKEN_PATH", directory.toString())))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(directory.toString(), "HF_TOKEN_PATH");
    }

    @Test
    void theBackOffGrowsWithJitterUpToItsCap() {
        RetryPolicy policy = RetryPolicy.STANDARD;
        for (int failures = 1; failures < 70; failures++) {
            long most = Math.min(30_000, 1000L << Math.min(failures - 1, 20));
            assertThat(policy.delay(failures, Optional.empty()).toMillis()).isBetween(most / 2, most);
        }
        assertThat(policy.delay(1, Optional.of(java.time.Duration.ofSeconds(77))))
                .hasSeconds(77);
        assertThat(policy.waits(Optional.of(policy.longestAsked()))).isTrue();
        assertThat(policy.waits(Optional.of(java.time.Duration.ofDays(1)))).isFalse();
    }

    @Test
    void anAnswerThatContradictsTheHubIsAskedForThreeTimes() {
        RetryPolicy policy = new RetryPolicy(
                8, java.time.Duration.ofMillis(1), java.time.Duration.ofMillis(1), java.time.Duration.ZERO);
        AtomicInteger calls = new AtomicInteger();

        assertThatThrownBy(() -> Retries.call(policy, Cancellation.root(), () -> {
                    throw new ContradictionException("call " + calls.incrementAndGet());
                }))
                .hasMessage("call 3");
    }
}
