package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Golden;
import io.github.moshivis.PlainMoshi;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run} takes a language model in any form, from a directory or as a file, and says what is wrong with one. */
class FormsOfModelsTest {
    private static final int CODEBOOKS = 8;

    @TempDir
    Path scratch;

    private Path model;

    /** The golden model's directory without its language model. */
    @BeforeEach
    void aDirectoryWithoutALanguageModel() throws IOException {
        model = Files.createDirectory(scratch.resolve("model"));
        try (Stream<Path> files = Files.list(Cli.MODEL)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("model.safetensors")).toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    private static Path golden(String form) {
        return Golden.path("formats/"
                + Golden.json("formats/config.json").get("files").get(form).asText());
    }

    @ParameterizedTest(name = "attention split: {0}")
    @ValueSource(booleans = {false, true})
    void plainMoshiIsTheModelWithoutVision(boolean split) throws IOException {
        Path plain = scratch.resolve("plain");
        PlainMoshi.write(Cli.MODEL.resolve("model.safetensors"), plain, split, CODEBOOKS);
        Files.copy(plain, model.resolve("model.safetensors"));

        assertThat(run("--model", model)).as("its default").isEqualTo(run("--norms", "rust"));
        assertThat(run("--lm", plain, "--norms", "pytorch")).isEqualTo(run("--norms", "pytorch"));
    }

    private JsonNode run(Object... options) throws IOException {
        Stream<Object> defaults =
                List.of(options).contains("--model") ? Stream.of("--no-image") : Stream.of("--no-image", "--toy");
        return Cli.tokens(scratch, Stream.concat(defaults, Stream.of(options)).toArray());
    }

    /** As {@code kyutai/moshika-rl-seamless} and other relatives come: moshi's own configuration, no YAML. */
    @Test
    void theDirectoryOfAMoshiLoadsByItsOwnConfiguration() throws IOException {
        PlainMoshi.write(Cli.MODEL.resolve("model.safetensors"), model.resolve("model.safetensors"), false, CODEBOOKS);
        JsonNode expected = run("--model", model);
        ObjectNode config = moshiConfig(ModelDirectory.read(model).config().lm());
        Files.delete(model.resolve(ModelLayout.YAML));
        Files.writeString(model.resolve(ModelLayout.MOSHI_CONFIG), config.toString());

        assertThat(run("--model", model)).isEqualTo(expected);
    }

    private static ObjectNode moshiConfig(LmConfig lm) {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.put("dim", lm.dim()).put("num_heads", lm.heads()).put("num_layers", lm.layers());
        config.put("context", lm.context()).put("max_period", lm.maxPeriod()).put("hidden_scale", lm.hiddenScale());
        config.put("text_card", lm.textCard()).put("existing_text_padding_id", lm.paddingToken());
        config.put("card", lm.audioCard()).put("n_q", lm.audioStreams()).put("dep_q", lm.modelCodebooks());
        lm.delays().forEach(config.putArray("delays")::add);
        config.put("depformer_dim", lm.depth().dim())
                .put("depformer_num_heads", lm.depth().heads());
        config.put("depformer_num_layers", lm.depth().layers());
        config.put("depformer_dim_feedforward", lm.depth().feedForward());
        config.put("causal", true)
                .put("gating", "silu")
                .put("norm", "rms_norm_f32")
                .putNull("layer_scale");
        config.put("positional_embedding", "rope").put("cross_attention", false).put("lora", false);
        config.put("depformer_multi_linear", true).put("depformer_weights_per_step", true);
        config.put("depformer_gating", "silu").put("depformer_pos_emb", "none").put("depformer_causal", true);
        config.put("model_type", "moshi").put("moshi_name", "model.safetensors");
        config.putObject("conditioners");
        config.putObject("fuser").putArray("sum");
        config.putObject("lm_gen_config").put("temp", 0.8).put("temp_text", 0.7);
        config.putObject("model_id").put("sig", "0123").put("epoch", 1);
        return config;
    }

    @Test
    void plainMoshiCannotLook() {
        PlainMoshi.write(Cli.MODEL.resolve("model.safetensors"), model.resolve("model.safetensors"), false, CODEBOOKS);
        Cli.Outcome outcome =
                Cli.run("run", "--out", scratch.resolve("answer.wav"), "--model", model, "--image", Cli.PICTURE);
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err()).contains("cannot look at pictures", "no cross-attention", "without a picture");
    }

    @Test
    void twoLanguageModelsInADirectoryAreNamed() throws IOException {
        Files.copy(golden("mlx-bf16"), model.resolve("one.safetensors"));
        Files.copy(golden("mlx-q4"), model.resolve("two.safetensors"));
        refuses("one.safetensors two.safetensors Name", "--model", model);
    }

    @Test
    void noLanguageModelInADirectoryIsSaid() {
        refuses("language model model.safetensors Download", "--model", model);
    }

    @Test
    void aFormOfAnotherModelIsToldByItsTensors() {
        for (String form : new String[] {"candle-bf16", "candle-q8", "mlx-bf16", "mlx-q4", "mlx-q8"}) {
            refuses(golden(form).getFileName() + " configuration problems expected", "--toy", "--lm", golden(form));
        }
    }

    private void refuses(String words, Object... options) {
        List<Object> command = List.of("run", "--out", scratch.resolve("answer.wav"));
        Cli.Outcome outcome =
                Cli.run(Stream.concat(command.stream(), Stream.of(options)).toArray());
        assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).startsWith("moshivis: ").contains(words.split(" "));
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    }
}
