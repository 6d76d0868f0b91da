package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadConfigurationTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {ModelLayout.YAML, ModelLayout.MIMI_CONFIG, ModelLayout.SIGLIP_CONFIG})
    void aDeviceIsNotRead(String name) throws IOException {
        Files.createSymbolicLink(directory.resolve(name), Path.of("/dev/zero"));

        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(name, "found no regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {ModelLayout.YAML, ModelLayout.MIMI_CONFIG, ModelLayout.SIGLIP_CONFIG})
    void aLinkThatLeadsNowhereIsNotTakenForNoFile(String name) throws IOException {
        Files.createSymbolicLink(directory.resolve(name), directory.resolve("blob"));

        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(name, "expected a readable file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_heads: 5                    | num_heads: found 5          | divisor of dim = 4096",
                "num_heads: 4096                 | num_heads                   | even width",
                "num_layers: 0                   | num_layers: found 0         | from 1",
                "num_layers: -3                  | num_layers: found -3        | from 1",
                "num_layers: 2.5                 | num_layers: found 2.5       | whole number",
                "num_layers: null                | num_layers: found null      | whole number",
                "num_layers: two                 | num_layers                  | whole number",
                "dim: 99999999999                | dim                         | whole number",
                "dim: 2000000000                 | dim                         | 1048576",
                "context: 0                      | context: found 0            | from 1",
                "hidden_scale: -1                | hidden_scale: found -1.0    | positive",
                "hidden_scale: NaN               | hidden_scale                | number",
                "hidden_scale: 1000              | hidden_scale                | at most 64",
                "max_period: 0                   | max_period                  | positive",
                "padding_token_id: 32000         | padding_token_id            | text_card = 32000",
                "padding_token_id: -1            | padding_token_id            | text token",
                "dep_q: 17                       | dep_q: found 17             | at most n_q = 16",
                "n_q: 12                         | delays: found 17 values     | n_q + 1 = 13",
                "delays: [0, 1]                  | delays: found 2 values      | n_q + 1 = 17",
                "delays: 1                       | delays: found 1             | list",
                "delays: [a]                     | delays                      | whole number",
                "'delays: [0,0,1,1,1,1,1,1,1,0,1,1,1,1,1,1,-1]' | delays       | negative",
                "depformer_context: 4            | depformer_context: found 4  | dep_q = 8",
                "depformer_num_heads: 3          | depformer_num_heads         | depformer_dim = 1024",
                "depformer_dim_feedforward: 1    | depformer_dim_feedforward   | at least 2",
                "depformer_pos_emb: rope         | depformer_pos_emb           | none",
                "depformer_weights_per_step: false | depformer_weights_per_step | true",
                "gating: false                   | gating                      | true",
                "activation: gelu                | activation                  | silu",
                "norm: layer_norm                | norm                        | rms_norm_f32",
                "positional_embedding: sin       | positional_embedding        | rope",
                "causal: false                   | causal                      | true",
                "xa_step: 2                      | xa_step: found 2            | expected 1",
                "xa_gating: tanh                 | xa_gating                   | sigmoid",
                "xa_conditional_gating: false    | xa_conditional_gating       | true",
                "xa_shared: false                | xa_shared                   | true",
                "xa_gate_shared: true            | xa_gate_shared              | false",
                "xa_layers: [0]                  | xa_layers                   | nothing else is implemented",
                "xa_delay: 1                     | xa_delay                    | 0",
                "xa_start: boi                   | xa_start                    | start",
                "xa_dim: 0                       | xa_dim                      | from 1",
                "num_crossattended_tokens: 7     | num_crossattended_tokens    | -1 or 0",
                "num_extra_tokens: -1            | num_extra_tokens            | 0",
                "norm_xa: layer_norm             | norm_xa                     | rms_norm",
                "encoder_name: pixtral           | encoder_name: found pixtral | siglip_gemma2_448",
                "encoder_name: 3                 | encoder_name                | text",
                "model: 7                        | model: found 7              | text",
                "audio_card: 1024                | audio_card: found 1024      | bins = 2048",
                "dim: [4096]                     | dim                         | whole number",
            })
    void refusesAYamlWith(String line, String found, String expected) throws IOException {
        Path yaml = Files.writeString(directory.resolve("moshika-vis.yaml"), line + "\n");
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(found, expected)
                .hasMessageContaining(yaml.getParent().toString())
                .hasMessageContaining("Correct");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x [1]\nb: *x",
                "a: 1\na: 2",
                "dim: 64\n---\ndim: 32",
                "- 1\n- 2",
                "just words",
                "dim: [64",
                "\"",
                "\tdim: 64",
                "dim: !!java.net.URL [\"http://localhost\"]",
                "? [a]\n: 1",
                "@",
                "%YAML 9.9\n---\n",
                ""
            })
    void refusesAYamlThatIsNoPlainMapping(String text) throws IOException {
        Path yaml = Files.writeString(directory.resolve("moshika-vis.yaml"), text);
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(yaml.toString(), "found", "expected", "Correct");
    }

    @Test
    void saysThatAliasesAreNotRead() throws IOException {
        Files.writeString(directory.resolve("moshika-vis.yaml"), "a: &x lol\nb: [*x,*x,*x,*x]\n");
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("alias *x", "written out");
    }

    @Test
    void refusesDeepHugeAndForeignFiles() throws IOException {
        Path yaml = directory.resolve("moshika-vis.yaml");
        Files.writeString(yaml, "a: " + "[".repeat(100_000));
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("depth");
        Files.writeString(yaml, "a: " + "x".repeat(ConfigFile.MAX_BYTES));
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("at most 1000000");
        Files.write(yaml, "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("UTF-8");
        Files.delete(yaml);
        Files.createDirectory(yaml);
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("readable file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/hidden_act          | \"gelu\"      | hidden_act           | gelu_pytorch_tanh",
                "/hidden_size         | 50            | num_attention_heads  | divisor of hidden_size = 50",
                "/hidden_size         |               | hidden_size          | found nothing",
                "/image_size          | 3             | image_size           | patch_size",
                "/image_size          | 100000        | image_size           | 16384",
                "/num_channels        | 4             | num_channels         | RGB",
                "/layer_norm_eps      | 0             | layer_norm_eps       | positive",
                "/model_type          | \"clip\"      | model_type           | siglip_vision_model",
            })
    void refusesASiglipConfigurationWith(String pointer, String value, String key, String expected) throws IOException {
        refusesASideFile("siglip_config.json", pointer, value, key, expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/sample_rate                  | 16000        | sample_rate: found 16000       | 24000",
                "/frame_rate                   | 25           | frame_rate: found 25.0         | 12.5",
                "/channels                     | 2            | channels: found 2              | 1",
                "/seanet                       | 1            | seanet: found 1                | keys with values",
                "/seanet                       |              | seanet                         | found nothing",
                "/seanet/ratios                | [7,6,5,4]    | seanet.ratios                  | divides 1920",
                "/seanet/ratios                | [64,64,64]   | seanet.ratios                  | at most 1920",
                "/seanet/ratios                | [0]          | seanet.ratios                  | from 1 to 64",
                "/seanet/ratios                | []           | seanet.ratios                  | from 1 to 64",
                "/seanet/pad_mode              | \"reflect\"  | seanet.pad_mode                | constant",
                "/seanet/norm                  | \"weight_norm\" | seanet.norm                 | none",
                "/seanet/n_residual_layers     | 2            | seanet.n_residual_layers       | 1",
                "/seanet/compress              | 3            | seanet.compress                | divisor",
                "/transformer/num_heads        | 3            | transformer.num_heads          | divisor",
                "/transformer/d_model          | 64           | transformer.d_model            | seanet.dimension = 32",
                "/transformer/input_dimension  | 64           | transformer.input_dimension    | 32",
                "/transformer/gating           | \"silu\"     | transformer.gating             | none",
                "/transformer/layer_scale      | null         | transformer.layer_scale        | a number",
                "/quantizer/n_q                | 1            | quantizer.n_q                  | 2 to 256",
                "/quantizer/bins               | -1           | quantizer.bins                 | from 1",
                "/quantizer/output_dimension   | 16           | quantizer.output_dimension     | 32",
            })
    void refusesAMimiConfigurationWith(String pointer, String value, String key, String expected) throws IOException {
        refusesASideFile("mimi_config.json", pointer, value, key, expected);
    }

    private void refusesASideFile(String name, String pointer, String value, String key, String expected)
            throws IOException {
        ObjectNode config = (ObjectNode) Golden.json("e2e/model/" + name);
        int slash = pointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) config.at(pointer.substring(0, slash));
        String last = pointer.substring(slash + 1);
        if (value == null) {
            assertThat(parent.remove(last)).isNotNull();
        } else {
            parent.set(last, new ObjectMapper().readTree(value));
        }
        Path file = Files.writeString(directory.resolve(name), config.toString());
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(file.toString(), key, expected, "Correct");
    }

    @Test
    void refusesMalformedJson() throws IOException {
        Files.writeString(directory.resolve("siglip_config.json"), "{\"hidden_size\": 48,}");
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("siglip_config.json", "at line 1", "expected JSON");
    }

    @Test
    void showsOneShortLineOfWhatAFileSays() throws IOException {
        Files.writeString(directory.resolve("moshika-vis.yaml"), "activation: \"a\\n" + "x".repeat(500_000) + "\"");
        assertThatThrownBy(() -> ModelDirectory.read(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("activation: found")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1000));
    }
}
