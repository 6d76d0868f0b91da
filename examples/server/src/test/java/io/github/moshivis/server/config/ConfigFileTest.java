package io.github.moshivis.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.moshivis.Golden;
import io.github.moshivis.server.chat.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The reference servers' files of settings, and what goes before them. */
class ConfigFileTest {
    @TempDir
    Path directory;

    private Path file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }

    private Path rust(String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "{",
                "\"instance_name\": \"foo\",",
                "\"hf_repo\": \"kyutai/moshika-vis-candle-q8\",",
                "\"lm_model_file\": \"$MODELS/model.q8_0.gguf\",",
                "\"text_tokenizer_file\": \"${MODELS}/spm.model\",",
                "\"mimi_model_file\": \"$MODELS/mimi.safetensors\",",
                "\"log_dir\": \"$HOME/logs\",",
                "\"mimi_num_codebooks\": 8,",
                "\"static_dir\": \"$MODELS/dist\",",
                "\"addr\": \"0.0.0.0\",",
                "\"port\": 8010,",
                "\"cert_dir\": \"$MODELS\",",
                "\"lm_config\": {\"acoustic_delay\": 1}"));
        lines.addAll(List.of(more));
        lines.add("}");
        return file("config.json", lines.toArray(String[]::new));
    }

    private Map<String, String> models() {
        return Map.of("MODELS", directory.toString());
    }

    @Test
    void theRustServersModelComesFromTheHubIfAFileIsMissing() throws IOException {
        ConfigFile config = ConfigFile.read(rust(), models());
        assertThat(config.flags())
                .containsOnly(
                        entry("instance", "foo"),
                        entry("host", "0.0.0.0"),
                        entry("port", "8010"),
                        entry("model", "kyutai/moshika-vis-candle-q8"));
        assertThat(config.ignored()).containsExactlyInAnyOrder("log_dir", "mimi_num_codebooks", "lm_config");
        assertThat(config.forced()).isEmpty();
    }

    @Test
    void theRustServersFilesAreUsedIfTheyAreThere() throws IOException {
        for (String name : List.of("model.q8_0.gguf", "spm.model", "mimi.safetensors", "cert.pem", "key.pem")) {
            Files.createFile(directory.resolve(name));
        }
        Files.createDirectory(directory.resolve("dist"));
        assertThat(ConfigFile.read(rust(), models()).flags())
                .contains(
                        entry("model", directory.resolve("model.q8_0.gguf").toString()),
                        entry("tokenizer", directory.resolve("spm.model").toString()),
                        entry("mimi", directory.resolve("mimi.safetensors").toString()),
                        entry("static", directory.resolve("dist").toString()),
                        entry("tls-cert", directory.resolve("cert.pem").toString()),
                        entry("tls-key", directory.resolve("key.pem").toString()));
    }

    @Test
    void whatTheRustServerForcesHolds() throws IOException {
        Path file = rust(
                ", \"force_session_config\": {\"text_temperature\": 0.5, \"text_topk\": 30,",
                "\"audio_temperature\": 0.6, \"audio_topk\": 40, \"repetition_penalty\": [32, 1.1], \"xa_start\": 4}");
        assertThat(ConfigFile.read(file, models()).forced())
                .containsOnly(
                        entry(Setting.TEXT_TEMPERATURE, 0.5),
                        entry(Setting.TEXT_TOPK, 30.0),
                        entry(Setting.AUDIO_TEMPERATURE, 0.6),
                        entry(Setting.AUDIO_TOPK, 40.0),
                        entry(Setting.REPETITION_PENALTY_CONTEXT, 32.0),
                        entry(Setting.REPETITION_PENALTY, 1.1),
                        entry(Setting.XA_START, 4.0),
                        entry(Setting.PAD_MULT, 0.0),
                        entry(Setting.TEXT_TEMPERATURE_GATING_INFLUENCE, 0.0));
    }

    @Test
    void thePytorchServersModelComesFromTheHub() throws IOException {
        Path file = file(
                "released.yaml",
                "hf_repo: 'kyutai/moshika-vis-pytorch-bf16'",
                "model: model.safetensors",
                "mimi_codec: tokenizer.safetensors",
                "text_tokenizer: spm.model",
                "xa_start: start",
                "xa_gating: sigmoid",
                "norm_extra: null");
        ConfigFile config = ConfigFile.read(file, Map.of());
        assertThat(config.flags()).containsOnly(entry("model", "kyutai/moshika-vis-pytorch-bf16"));
        assertThat(config.defaults()).isEmpty();
        assertThat(config.ignored()).containsExactlyInAnyOrder("xa_gating", "norm_extra");
    }

    @Test
    void thePytorchServersLocalModelIsBesideItsFile() {
        Path file = Golden.path("e2e/model/moshika-vis.yaml");
        ConfigFile config = ConfigFile.read(file, Map.of());
        assertThat(Path.of(config.flags().get("model")))
                .hasParent(file.getParent())
                .exists();
        assertThat(Path.of(config.flags().get("mimi"))).exists();
        assertThat(Path.of(config.flags().get("tokenizer"))).exists();
    }

    @Test
    void aStartInThePytorchServersFileIsADefault() throws IOException {
        Path file = file("start.yml", "hf_repo: a/b", "xa_start: 8");
        assertThat(ConfigFile.read(file, Map.of()).defaults()).containsOnly(entry(Setting.XA_START, 8.0));
    }

    @Test
    void whatCannotBeReadIsSaidByItsName() throws IOException {
        assertThatThrownBy(() -> ConfigFile.read(directory.resolve("none.json"), Map.of()))
                .hasMessageContainingAll("none.json", "expected a file");
        assertThatThrownBy(() -> ConfigFile.read(file("broken.json", "{"), Map.of()))
                .hasMessageContaining("broken.json");
        assertThatThrownBy(() -> ConfigFile.read(file("list.yaml", "- a"), Map.of()))
                .hasMessageContaining("keys and values");
        assertThatThrownBy(() -> ConfigFile.read(file("settings.toml", "a = 1"), Map.of()))
                .hasMessageContainingAll("settings.toml", ".json", ".yaml");
        assertThatThrownBy(() ->
                        ConfigFile.read(file("port.json", "{\"hf_repo\": \"a/b\", \"port\": \"high\"}"), Map.of()))
                .hasMessageContainingAll("port", "high", "a number");
        assertThatThrownBy(() -> ConfigFile.read(file("lost.json", "{\"lm_model_file\": \"gone.gguf\"}"), Map.of()))
                .hasMessageContainingAll("gone.gguf", "hf_repo");
    }

    /** An option as the server has it. */
    private static final class Options {
        @Option(names = "--port", defaultValue = "8008")
        private int port;
    }

    private static int port(Map<String, String> environment, ConfigFile file, String... args) {
        Options options = new Options();
        new CommandLine(options)
                .setDefaultValueProvider(file.optionDefaults(environment))
                .parseArgs(args);
        return options.port;
    }

    @Test
    void flagsGoBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() {
        ConfigFile file = new ConfigFile(Map.of("port", "3"), Map.of(), Map.of(), List.of());
        Map<String, String> environment = Map.of("MOSHIVIS_PORT", "2");
        assertThat(port(environment, file, "--port", "1")).isEqualTo(1);
        assertThat(port(environment, file)).isEqualTo(2);
        assertThat(port(Map.of(), file)).isEqualTo(3);
        assertThat(port(Map.of(), ConfigFile.NONE)).isEqualTo(8008);
        assertThat(ConfigFile.variable("max-duration")).isEqualTo("MOSHIVIS_MAX_DURATION");
    }

    @Test
    void bothKindsOfFilesMayNameVoicesAndARole() throws IOException {
        Path json = rust(",\"voices\": [\"NATF0\", \"anna.wav\"], \"voice\": \"NATF0\"");
        assertThat(ConfigFile.read(json, models()).flags())
                .contains(entry("voices", "NATF0,anna.wav"), entry("voice", "NATF0"));
        Path yaml = file("config.yaml", "hf_repo: nvidia/personaplex-7b-v1", "role: You are a friend.");
        assertThat(ConfigFile.read(yaml, Map.of()).flags()).contains(entry("role", "You are a friend."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"hf_repo": "a/b", "port": 1e99}                                | port
                    {"hf_repo": "a/b", "port": -1}                                  | port
                    {"hf_repo": "a/b", "port": 8008.7}                              | port
                    {"hf_repo": "a/b", "static_dir": "\\u0000"}                      | static_dir
                    {"lm_model_file": "a\\u0000b"}                                   | lm_model_file
                    {"hf_repo": "a/b", "force_session_config": [1]}                 | force_session_config
                    {"hf_repo": "a/b", "force_session_config": {"audio_topk": 1e999}} | audio_topk
                    {"hf_repo": "a/b", "force_session_config": {"repetition_penalty": ["x", 1]}} | repetition_penalty
                    """)
    void valuesThatCannotBeAreNamed(String text, String key, @TempDir Path place) throws IOException {
        Path file = Files.writeString(place.resolve("config.json"), text);
        assertThatThrownBy(() -> ConfigFile.read(file, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Cannot use " + key, "expected");
    }
}
