package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of the {@code config.json} that moshi writes for its models and their relatives. */
class MoshiConfigTest {
    @TempDir
    Path directory;

    private LmConfig read(String keys) throws IOException {
        Files.writeString(directory.resolve(ModelLayout.MOSHI_CONFIG), "{\"dep_q\": 8, " + keys + "}");
        return ModelDirectory.read(directory).config().images(false).lm();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"conditioners\": {}, \"cross_attention\": false, \"fuser\": null",
                "\"fuser\": {\"cross_attention_pos_emb\": false, \"sum\": [], \"cross\": [], \"prepend\": []}",
                "\"lora\": true, \"lora_rank\": 128, \"lora_scaling\": 2.0, \"lora_name\": \"lora.safetensors\"",
                "\"lm_gen_config\": {}, \"model_id\": {\"sig\": \"a\", \"epoch\": 1}",
                "\"model_type\": \"moshi\", \"depformer_causal\": true, \"gradient_checkpointing\": \"none\"",
                "\"extra_heads_num_heads\": 4, \"extra_heads_dim\": 6, \"kv_repeat\": 1"
            })
    void keysThatChangeNothingAreAccepted(String keys) throws IOException {
        assertThat(read(keys)).isEqualTo(LmConfig.MOSHIKA_VIS.imageDim(OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"hibiki\" | model_type",
                "\"fuser\": {\"sum\": [\"description\"]} | fuser.sum",
                "\"conditioners\": {\"description\": {\"type\": \"lut\"}} | conditioners",
                "\"kv_repeat\": 4 | kv_repeat",
                "\"positional_embedding\": \"rope_concat\" | positional_embedding",
                "\"depformer_low_rank_embeddings\": 128 | depformer_low_rank_embeddings",
                "\"moshi_name\": \"hf://kyutai/moshiko/model.safetensors\" | moshi_name"
            })
    void keysOfOtherModelsAreRefusedByName(String keys, String key) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> read(keys))
                .withMessageContainingAll(key, "config.json", "expected");
    }

    private SamplingConfig sampling(String config) throws IOException {
        Files.writeString(
                directory.resolve(ModelLayout.MOSHI_CONFIG), "{\"dep_q\": 8, \"lm_gen_config\": " + config + "}");
        return ModelDirectory.read(directory).sampling();
    }

    @Test
    void theGeneratorsArgumentsAreTheModelsSampling() throws IOException {
        SamplingConfig all = sampling("{\"temp\": 0.6, \"temp_text\": 0, \"top_k\": 100, \"top_k_text\": 0}");
        assertThat(all)
                .isEqualTo(new SamplingConfig(
                        OptionalDouble.of(0), OptionalInt.of(0), OptionalDouble.of(0.6), OptionalInt.of(100)));
        assertThat(sampling("null")).isEqualTo(SamplingConfig.NONE);
        assertThat(sampling("{\"cfg_coef\": 1.0, \"use_sampling\": true}")).isEqualTo(SamplingConfig.NONE);
        assertThat(sampling("{\"use_sampling\": false, \"temp\": 0.8}").audioTemperature())
                .hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "temp, -1",
        "temp_text, 101",
        "temp, NaN",
        "top_k, -5",
        "top_k_text, 2.5",
        "cfg_coef, 3.0",
        "use_sampling, 1"
    })
    void impossibleSamplingIsRefusedByName(String key, String value) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> sampling("{\"" + key + "\": " + (value.equals("NaN") ? "\"NaN\"" : value) + "}"))
                .withMessageContainingAll("lm_gen_config." + key, "expected");
    }

    @Test
    void personaPlexSpeaksHalfOfTheStreamsThatItWasTrainedOn() throws IOException {
        Files.writeString(
                directory.resolve(ModelLayout.MOSHI_CONFIG),
                "{\"dep_q\": 16, \"n_q\": 16, \"model_type\": \"personaplex\"}");
        LmConfig config = ModelDirectory.read(directory).config().lm();

        assertThat(config.modelCodebooks()).isEqualTo(8);
        assertThat(config.userCodebooks()).isEqualTo(8);
    }
}
