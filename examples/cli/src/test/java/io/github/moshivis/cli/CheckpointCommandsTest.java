package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code inspect}, {@code convert} and {@code quantize} as a user meets them, with the golden model. */
class CheckpointCommandsTest {
    @TempDir
    Path scratch;

    @Test
    void theModelInEveryPlainFormHoldsTheVerySameConversation() throws IOException {
        JsonNode original = conversation(Cli.MODEL);
        for (String form : List.of("pytorch", "candle", "mlx")) {
            Path converted = scratch.resolve(form);
            succeed("convert", Cli.MODEL, converted, "--to", form);
            assertThat(conversation(converted)).as(form).isEqualTo(original);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"convert --to gguf-q8", "quantize --bits 4", "quantize --bits 8 --group 32"})
    void aQuantizedModelSpeaks(String command) throws IOException {
        Path quantized = scratch.resolve("quantized");
        List<Object> args = new ArrayList<>(List.of(command.split(" ")));
        args.addAll(List.of(Cli.MODEL, quantized));
        succeed(args.toArray());
        assertThat(conversation(quantized).get("frames")).isNotEmpty();
    }

    private JsonNode conversation(Path model) throws IOException {
        return Cli.tokens(
                scratch,
                "--model",
                model,
                "--image",
                Cli.PICTURE,
                "--image-size",
                Golden.json("e2e/run.json").get("image_size"),
                "--precision",
                "f32");
    }

    @Test
    void theOutputSaysWhatWasWritten() {
        String out = succeed("convert", Cli.MODEL, scratch.resolve("out"), "--to", "mlx");
        assertThat(out).contains("model.safetensors", "tokenizer_spm_32k_3.model", "moshika-vis.yaml");
        assertThat(scratch).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void tensorsThatTheModelDoesNotUseAreLeftOutAndNamed() {
        Path golden = Golden.path("formats/mlx-q4/model.q4.safetensors");
        Path source = modelDirectory(golden);
        String out = succeed("convert", source, scratch.resolve("out.safetensors"), "--to", "mlx");
        assertThat(out).contains("left out", "transformer.layers.1.cross_attention.mha");
    }

    private Path modelDirectory(Path weights) {
        try {
            Path directory = Files.createDirectory(scratch.resolve("source"));
            Golden.config("lm", directory);
            Files.createSymbolicLink(directory.resolve(weights.getFileName()), weights);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsThereIsReplacedOnlyByForce() {
        Path out = scratch.resolve("out");
        succeed("convert", Cli.MODEL, out, "--to", "mlx");
        assertFails(List.of("convert", Cli.MODEL, out, "--to", "candle"), "it exists", "nothing there", "--force");
        succeed("convert", Cli.MODEL, out, "--to", "candle", "--force");
        assertThat(succeed("inspect", out)).contains("candle");
    }

    @Test
    void noSecondModelIsPutIntoADirectory() {
        Path out = scratch.resolve("out");
        succeed("convert", Cli.MODEL, out, "--to", "mlx");
        assertFails(
                List.of("quantize", Cli.MODEL, out, "--bits", "4", "--force"),
                "found [model.safetensors]",
                "no other model",
                "delete them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "model.safetensors"})
    void theInputIsNeverOverwritten(String name) throws IOException {
        Path source = scratch.resolve("model");
        succeed("convert", Cli.MODEL, source, "--to", "pytorch");
        byte[] before = Files.readAllBytes(source.resolve("model.safetensors"));
        assertFails(
                List.of("convert", source, source.resolve(name), "--to", "candle", "--force"),
                "found that it is what is read",
                "Choose another place");
        assertThat(source.resolve("model.safetensors")).hasBinaryContent(before);
    }

    @Test
    void aQuantizedModelIsNotQuantizedAgain() {
        Path quantized = scratch.resolve("q8");
        succeed("quantize", Cli.MODEL, quantized, "--bits", "8", "--group", "32");
        assertFails(
                List.of("quantize", quantized, scratch.resolve("q4"), "--bits", "4"),
                "is quantized already",
                "q8 group",
                "Quantize the original");
        assertThat(scratch.resolve("q4")).doesNotExist();
    }

    @Test
    void mistakesAreExplained() {
        Path out = scratch.resolve("out");
        assertFails(List.of("convert", "no-such", out, "--to", "mlx"), "no-such", "nothing there", "Check the path");
        assertFails(
                List.of("convert", Cli.MODEL, out, "--to", "onnx"),
                "onnx",
                "pytorch, candle, mlx, gguf-q8",
                "quantize");
        assertFails(List.of("convert", Cli.MODEL, scratch.resolve("m.gguf"), "--to", "mlx"), "ending", ".safetensors");
        assertFails(
                List.of("convert", Cli.MODEL, scratch.resolve("no/out"), "--to", "mlx"), "no directory", "Create it");
        assertFails(List.of("quantize", Cli.MODEL, out, "--bits", "5"), "found 5 bits", "4 or 8");
        assertFails(List.of("quantize", Cli.MODEL, out, "--bits", "4", "--group", "48"), "48", "32, 64 or 128");
        assertFails(List.of("quantize", Cli.MODEL, out, "--bits", "8"), "no matrix", "groups of 64", "smaller groups");
        assertFails(
                List.of(
                        "convert",
                        Cli.MODEL.resolve("tokenizer-e351c8d8-checkpoint125.safetensors"),
                        out,
                        "--to",
                        "mlx"),
                "as a language model",
                "Name the language model's file");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aModelThatIsNotItsConfigurationsIsNotConverted() {
        assertFails(
                List.of("convert", Golden.path("lm/model.safetensors"), scratch.resolve("out"), "--to", "mlx"),
                "does not hold the whole model",
                "audio_emb.0.weight: has shape [65, 64], expected [2049, 4096]",
                "and 888 more",
                "use the configuration");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void inspectSaysWhatAModelHolds() throws IOException {
        JsonNode json = new ObjectMapper().readTree(succeed("inspect", Cli.MODEL, "--json"));
        assertThat(json.get("form").asText()).isEqualTo("pytorch");
        assertThat(json.get("storage").get(0).asText()).isEqualTo("BF16");
        assertThat(json.get("complete").asBoolean()).isTrue();
        assertThat(json.get("missing")).isEmpty();
        assertThat(json.get("unused")).isEmpty();
        long sum = 0;
        for (JsonNode count : json.get("parameters")) {
            sum += count.asLong();
        }
        assertThat(json.get("total_parameters").asLong()).isEqualTo(sum).isPositive();
        assertThat(json.get("parameters").fieldNames())
                .toIterable()
                .containsExactly(
                        "temporal",
                        "depth",
                        "text_embeddings",
                        "audio_embeddings",
                        "text_head",
                        "audio_heads",
                        "vision_adapters",
                        "vision_tower",
                        "codec");
        JsonNode memory = json.get("memory_bytes");
        assertThat(memory.get("f32").asLong())
                .as("with what the codec derives, and rows that fill panels")
                .isBetween(4 * sum, 4 * sum + sum / 20);
        for (String fewer : List.of("bf16", "q8", "q4")) { // the kernels fill up rows as short as this model's
            assertThat(memory.get(fewer).asLong()).as(fewer).isBetween(sum, 3 * sum);
        }
        JsonNode first = json.get("tensors").get(0);
        assertThat(first.fieldNames()).toIterable().containsExactly("file", "name", "type", "shape", "bytes", "part");
    }

    @Test
    void everyFormOfAModelHasTheSameParameters() throws IOException {
        JsonNode original = new ObjectMapper().readTree(succeed("inspect", Cli.MODEL, "--json"));
        succeed("convert", Cli.MODEL, scratch.resolve("mlx"), "--to", "mlx");
        succeed("convert", Cli.MODEL, scratch.resolve("gguf"), "--to", "gguf-q8");
        succeed("quantize", Cli.MODEL, scratch.resolve("q4"), "--bits", "4");
        for (String form : List.of("gguf", "q4")) {
            JsonNode json = new ObjectMapper().readTree(succeed("inspect", scratch.resolve(form), "--json"));
            assertThat(json.get("missing")).as(form).isEmpty();
            assertThat(json.get("memory_bytes")).as(form).isEqualTo(original.get("memory_bytes"));
        }
    }

    @Test
    void inspectSaysWhatIsMissing() throws IOException {
        Path directory = Files.createDirectory(scratch.resolve("model"));
        for (String config : List.of("moshika-vis.yaml", "mimi_config.json", "siglip_config.json")) {
            Files.copy(Cli.MODEL.resolve(config), directory.resolve(config));
        }
        assertThat(succeed("inspect", directory))
                .contains("none", "the language model", "the codec", "the text pieces");
        Files.createSymbolicLink(directory.resolve("model.safetensors"), Golden.path("lm/model.safetensors"));
        assertThat(succeed("inspect", directory)).contains("pytorch", "llm.text_emb.weight", "expected");
    }

    @Test
    void inspectTakesASingleFile() {
        assertThat(succeed("inspect", Cli.MODEL.resolve("model.safetensors"))).contains("pytorch", "missing   nothing");
        assertThat(succeed("inspect", Cli.MODEL.resolve("tokenizer-e351c8d8-checkpoint125.safetensors")))
                .contains("mimi", "missing   nothing");
        assertThat(succeed("inspect", Golden.path("lm/inputs.safetensors"), "--tensors"))
                .contains("unknown", "neither");
    }

    private static String succeed(Object... args) {
        Cli.Outcome outcome = Cli.run(args);
        assertThat(outcome.err()).doesNotContain("moshivis: ");
        assertThat(outcome.exitCode()).isZero();
        return outcome.out();
    }

    private static void assertFails(List<Object> args, String... keyWords) {
        Cli.Outcome outcome = Cli.run(args.toArray());
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("moshivis: ").contains(keyWords);
        assertThat(outcome.out()).isEmpty();
    }
}
