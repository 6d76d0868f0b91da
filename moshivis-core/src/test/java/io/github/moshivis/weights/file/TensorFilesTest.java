package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.names.CheckpointFormat;
import io.github.moshivis.weights.names.LanguageModelFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are known by what they hold: containers, shards, and which one in a directory is the language model. */
class TensorFilesTest {
    private static final Path LM = Golden.path("lm/model.safetensors");

    @TempDir
    Path directory;

    private Path shard(String name, String... tensors) {
        Path path = directory.resolve(name);
        List<TensorSpec> specs = Arrays.stream(tensors)
                .map(tensor -> TensorSpec.of(tensor, StoredType.F32, 1))
                .toList();
        try (TensorWriter writer = SafetensorsWriter.create(path, specs, Map.of())) {
            for (String tensor : tensors) {
                writer.write(tensor, ByteBuffer.allocate(Float.BYTES));
            }
            writer.commit();
        }
        return path;
    }

    private Path index(String weightMap) throws IOException {
        return Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"metadata\":{},\"weight_map\":" + weightMap + "}");
    }

    @Test
    void shardsAreOneFile() throws IOException {
        Path first = shard("model-1-of-2.safetensors", "llm.a", "llm.b");
        Path second = shard("model-2-of-2.safetensors", "llm.c");
        Path index = index("{\"llm.a\":\"model-1-of-2.safetensors\",\"llm.b\":\"model-1-of-2.safetensors\","
                + "\"llm.c\":\"model-2-of-2.safetensors\"}");
        try (TensorFile file = LanguageModelFiles.open(index)) {
            assertThat(file.tensors()).containsOnlyKeys("llm.a", "llm.b", "llm.c");
            assertThat(file.bytes("llm.c").length()).isEqualTo(4);
            assertThat(file.path()).isEqualTo(index);
            assertThat(file.paths()).containsExactly(first, second);
            assertThatThrownBy(() -> file.bytes("llm.d")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(LanguageModelFiles.find(directory, directory)).contains(index);
    }

    @Test
    void refusesBadIndices() throws IOException {
        shard("one", "a");
        shard("two", "a");
        refusesIndex("{}", "weight_map", "no tensor");
        refusesIndex("[", "JSON");
        refusesIndex("{\"a\":\"../one\"}", "'a'", "../one", "beside the index");
        refusesIndex("{\"a\":7, \"b\":[]}", "'a'", "beside the index");
        refusesIndex("{\"a\":\"gone\"}", "gone", "nothing there");
        refusesIndex("{\"b\":\"one\"}", "'b'", "not in", "one");
        refusesIndex("{\"a\":\"one\", \"a\":\"two\"}", "Duplicate");
        Path index = index("{\"a\":\"one\", \"b\":\"two\"}");
        shard("two", "a", "b");
        assertThatThrownBy(() -> TensorFiles.open(index))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("'a'", "both", "one", "two");
    }

    private void refusesIndex(String weightMap, String... words) throws IOException {
        Path index = index(weightMap);
        assertThatThrownBy(() -> TensorFiles.open(index))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("found", "expected", directory.toString())
                .hasMessageContainingAll(words);
    }

    @Test
    void namesDoNotMatter() throws IOException {
        Path gguf = Golden.path("formats/"
                + Golden.json("formats/config.json")
                        .get("files")
                        .get("candle-q8")
                        .asText());
        try (TensorFile file = TensorFiles.open(Files.copy(gguf, directory.resolve("a.safetensors")))) {
            assertThat(file).isInstanceOf(GgufFile.class);
        }
        try (TensorFile file = TensorFiles.open(Files.copy(LM, directory.resolve("b.gguf")))) {
            assertThat(file).isInstanceOf(SafetensorsFile.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "whatever"})
    void theOnlyLanguageModelOfADirectoryIsFound(String name) throws IOException {
        Path lm = Files.copy(LM, directory.resolve(name));
        Files.copy(Golden.path("mimi/tokenizer-tiny.safetensors"), directory.resolve("codec.safetensors"));
        Files.copy(Golden.path("e2e/input.wav"), directory.resolve("sound.wav"));
        Files.writeString(directory.resolve("config.json"), "{}");
        Files.createFile(directory.resolve("empty"));
        shard("image_vision_tower_unquant.safetensors", "image_prefix.norm_xa.alpha");
        assertThat(LanguageModelFiles.find(directory, directory)).contains(lm);
    }

    @Test
    void twoLanguageModelsAreNamed() throws IOException {
        Files.copy(LM, directory.resolve("model.safetensors"));
        Files.copy(
                Golden.path("formats/"
                        + Golden.json("formats/config.json")
                                .get("files")
                                .get("mlx-q4")
                                .asText()),
                directory.resolve("model.q4.safetensors"));
        assertThatThrownBy(() -> LanguageModelFiles.find(directory, directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(
                        directory.toString(),
                        "model.safetensors",
                        "model.q4.safetensors",
                        "expected one",
                        "Name the file");
    }

    @Test
    void aBrokenModelIsStillTheOneThatIsMeant() throws IOException {
        byte[] whole = Files.readAllBytes(LM);
        Path cut = Files.write(directory.resolve("model.safetensors"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(LanguageModelFiles.find(directory, directory)).contains(cut);
        assertThat(LanguageModelFiles.find(directory, cut)).isEmpty();
    }

    @Test
    void aFileOfSomethingElseIsNamed() {
        try (TensorFile codec = TensorFiles.open(Golden.path("mimi/tokenizer-tiny.safetensors"))) {
            assertThatThrownBy(() -> CheckpointFormat.require(codec))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll(
                            codec.path().toString(), "language model", "tensors such as", "candle", "MLX");
        }
    }
}
