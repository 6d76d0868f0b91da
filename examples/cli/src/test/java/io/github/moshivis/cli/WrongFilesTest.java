package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the place of others, and configurations that no file can match: each is named, with its remedy, before anything is allocated. */
@Timeout(60)
class WrongFilesTest {
    private static final Path MODEL = Golden.path("e2e/model");
    private static final String LFS =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 123456\n";
    private static final String PAGE = "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n";
    private static final String ERROR = "{\"error\":\"Repository not found\"}";

    private static final String DENIED = "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>";

    private static final String LM = "model.safetensors";
    private static final String CODEC = "tokenizer-e351c8d8-checkpoint125.safetensors";
    private static final String PIECES = "tokenizer_spm_32k_3.model";
    private static final String YAML = "moshika-vis.yaml";

    @TempDir
    Path directory;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
    }

    private static void assertRefused(Path model, String... words) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> MoshiVis.load(model).close())
                .withMessageContainingAll(words);
    }

    static Stream<Arguments> standIns() {
        List<Arguments> rows = new ArrayList<>();
        for (String file : List.of(LM, CODEC, PIECES, YAML, "mimi_config.json", "siglip_config.json")) {
            rows.add(arguments(file, LFS, "a Git LFS pointer", "git lfs pull"));
            rows.add(arguments(file, PAGE, "a web page (HTML)", "Download the file itself"));
            rows.add(arguments(file, ERROR, "error message", "ownload"));
            rows.add(arguments(file, DENIED, "XML text", "download the file again"));
            rows.add(arguments(file, "\u001f\u008b\u0008", "a gzip archive", "Unpack it"));
        }
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("standIns")
    void aStandInIsNamedWithItsRemedy(String file, String content, String name, String remedy) throws IOException {
        Files.writeString(directory.resolve(file), content, StandardCharsets.ISO_8859_1);

        assertRefused(directory, file, name, remedy);
    }

    @Test
    void aStandInOfAnotherFormIsFound() throws IOException {
        Files.delete(directory.resolve(LM));
        Files.writeString(directory.resolve("model.q8_0.gguf"), LFS);

        assertRefused(directory, "model.q8_0.gguf", "a Git LFS pointer");
    }

    @Test
    void aPictureIsNoModel() {
        assertRefused(Golden.path("e2e/input.png"), "input.png", "a PNG picture", "MoshiVis.session");
        assertRefused(Golden.path("e2e/input.wav"), "input.wav", "a WAV file", "WavFile.source");
    }

    @Test
    void aByteOrderMarkIsReadOver() throws IOException {
        for (String file : List.of(YAML, "mimi_config.json", "siglip_config.json")) {
            Path path = directory.resolve(file);
            Files.writeString(path, "\uFEFF" + Files.readString(path));
        }
        assertThatNoException().isThrownBy(() -> MoshiVis.load(directory).close());
    }

    @Test
    void shardsNeedTheirIndex() throws IOException {
        Path shard = directory.resolve("model-00001-of-00002.safetensors");
        Files.move(directory.resolve(LM), shard);

        assertRefused(directory, "one of several shards", "model.safetensors.index.json", "Download it");
        assertRefused(shard, "one of several shards", "model.safetensors.index.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"weight_map\": {\"text_emb.weight\": \"../model.safetensors\"}}",
                "{\"weight_map\": {\"text_emb.weight\": \"/etc/passwd\"}}",
                "{\"weight_map\": {}}",
                "{\"weight_map\": {\"text_emb.weight\"",
                "{\"weight_map\": {\"text_emb.weight\": null}}",
                "{\"error\": \"gone\"}"
            })
    void anIndexThatNamesNoShardsIsNamedAndNotTheShards(String content) throws IOException {
        for (String shard : List.of("model-00001-of-00001.safetensors", "model-00001-of-00002.safetensors")) {
            Files.copy(MODEL.resolve(LM), directory.resolve(shard));
        }
        Files.delete(directory.resolve(LM));
        Files.writeString(directory.resolve("model.safetensors.index.json"), content);

        assertRefused(directory, "shard index", "model.safetensors.index.json", "Download");
    }

    @Test
    void aPageInThePlaceOfAnIndexIsNamedAndNotTheShards() throws IOException {
        Files.move(directory.resolve(LM), directory.resolve("model-00001-of-00002.safetensors"));
        Files.writeString(directory.resolve("model.safetensors.index.json"), PAGE);

        assertRefused(directory, "model.safetensors.index.json", "a web page (HTML)");
    }

    @Test
    void anAdapterIsNoModel() throws IOException {
        Files.delete(directory.resolve(LM));
        for (String file : List.of(YAML, "mimi_config.json", "siglip_config.json")) {
            Files.delete(directory.resolve(file));
        }
        Files.writeString(
                directory.resolve("config.json"),
                "{\"dep_q\": 8, \"lora\": true, \"lora_rank\": 8, \"lora_scaling\": 2}");
        Files.copy(MODEL.resolve(LM), directory.resolve("lora.safetensors"));

        assertRefused(directory.resolve("lora.safetensors"), "a low-rank adapter (LoRA)", "LoadOptions.adapter");
        Files.writeString(directory.resolve("lora.safetensors"), "");
        assertRefused(directory, "a low-rank adapter (LoRA)", "LoadOptions.adapter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "", "a\\u0000b"})
    void whatIsNoFileNameIsRefused(String name) throws IOException {
        Files.delete(directory.resolve(YAML));
        Files.writeString(directory.resolve("config.json"), "{\"dep_q\": 8, \"mimi_config_name\": \"" + name + "\"}");

        assertRefused(directory, "config.json", "mimi_config_name", "file");
    }

    @Test
    void aTrainingConfigurationIsNoModel() throws IOException {
        Path training = Files.writeString(directory.resolve("moshi_7B.yaml"), "lora:\n  enable: true\n  rank: 128\n");

        assertRefused(training, "a low-rank adapter (LoRA)", "LoadOptions.adapter");
    }

    static Stream<Arguments> absurdities() throws IOException {
        List<Arguments> rows = new ArrayList<>();
        for (String file : List.of(YAML, "mimi_config.json", "siglip_config.json")) {
            JsonNode root = mapper(file).readTree(MODEL.resolve(file).toFile());
            root.properties().forEach(entry -> {
                if (entry.getValue().isNumber()) {
                    rows.add(arguments(file, "", entry.getKey()));
                }
                entry.getValue().properties().forEach(inner -> {
                    if (inner.getValue().isNumber()) {
                        rows.add(arguments(file, entry.getKey(), inner.getKey()));
                    }
                });
            });
        }
        return rows.stream();
    }

    private static ObjectMapper mapper(String file) {
        return file.endsWith(".yaml") ? new ObjectMapper(new YAMLFactory()) : new ObjectMapper();
    }

    /** Every number of every configuration file; those that have no absurd value may load. */
    @ParameterizedTest
    @MethodSource("absurdities")
    void anAbsurdNumberIsRefusedBeforeAnythingIsAllocated(String file, String parent, String key) throws IOException {
        ObjectMapper mapper = mapper(file);
        for (long value : new long[] {0, -1, 4096, 65_536, 1 << 20, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            JsonNode root = mapper.readTree(MODEL.resolve(file).toFile());
            ObjectNode node = (ObjectNode) (parent.isEmpty() ? root : root.get(parent));
            node.put(key, value);
            mapper.writeValue(directory.resolve(file).toFile(), root);
            try {
                Checkpoint.open(directory).verify();
                MoshiVis.load(directory).close();
            } catch (CheckpointException e) {
                continue; // refused by name
            }
        }
    }

    @Test
    void fewTensorsAreNamedWithAGuess() throws IOException {
        Path yaml = directory.resolve(YAML);
        Files.writeString(yaml, Files.readString(yaml).replace("num_layers: 12", "num_layers: 14"));

        assertRefused(directory, "problems", "and 13 more", "describes more layers");
    }
}
