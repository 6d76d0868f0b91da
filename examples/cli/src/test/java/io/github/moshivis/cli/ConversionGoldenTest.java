package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.PlainMoshi;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Checkpoint.Form;
import io.github.moshivis.checkpoint.ConversionResult;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.StoredWeights;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorFiles;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.quant.Floats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden model in all forms: our files hold what those of the reference's converters hold, and the way back is the identity. */
class ConversionGoldenTest {
    private static final double HALF = 0.5;

    /** What float32 arithmetic adds. */
    private static final double FLOAT_NOISE = 1e-3;

    @TempDir
    Path scratch;

    private Path model;

    /** The model of the set lm, as a directory. */
    @BeforeEach
    void putTheModelIntoADirectory() throws IOException {
        model = Files.createDirectory(scratch.resolve("lm"));
        Golden.config("lm", model);
        Files.createSymbolicLink(model.resolve("model.safetensors"), Golden.path("lm/model.safetensors"));
    }

    @ParameterizedTest
    @CsvSource({
        "CANDLE, model.safetensors, formats/candle-bf16/model.safetensors",
        "MLX, model.safetensors, formats/mlx-bf16/model.safetensors",
        "PYTORCH, model.safetensors, lm/model.safetensors",
        "GGUF_Q8, model.q8_0.gguf, formats/candle-q8/model.q8_0.gguf",
        "GGUF_Q8, model_vision_tower_unquant.safetensors, formats/candle-q8/model_vision_tower_unquant.safetensors"
    })
    void aConvertedFileHoldsWhatTheReferencesFileHoldsByteForByte(Form form, String ours, String golden) {
        convert(model, form, "out");
        assertThat(tensors(scratch.resolve("out").resolve(ours))).isEqualTo(tensors(Golden.path(golden)));
    }

    @ParameterizedTest
    @EnumSource(names = "GGUF_Q8", mode = EnumSource.Mode.EXCLUDE)
    void thereAndBackAndFromAFormToItselfIsTheIdentity(Form form) throws IOException {
        Path there = convert(model, form, "there");
        Path same = convert(there.getParent(), form, "same");
        assertThat(Files.mismatch(same, there)).as("first different byte").isEqualTo(-1);
        assertThat(tensors(convert(there.getParent(), Form.PYTORCH, "back")))
                .isEqualTo(tensors(model.resolve("model.safetensors")));
    }

    @ParameterizedTest
    @CsvSource({"4, 32", "4, 64", "8, 64", "8, 32"})
    void everyWeightInMlxsGroupsIsWithinHalfAStep(int bits, int group) {
        Checkpoint.open(model).quantize(bits, group, scratch.resolve("out"), ConvertOptions.defaults());
        Path quantized = scratch.resolve("out").resolve("model.q" + bits + ".safetensors");
        convert(model, Form.MLX, "plain");
        assertThat(worstStep(quantized, scratch.resolve("plain/model.safetensors")))
                .isLessThanOrEqualTo(HALF + FLOAT_NOISE);
    }

    @ParameterizedTest
    @CsvSource({"4, 32", "8, 64"})
    void theSameMatricesAreQuantizedAsTheReferenceQuantizes(int bits, int group) {
        Checkpoint.open(model).quantize(bits, group, scratch.resolve("out"), ConvertOptions.defaults());
        Map<String, String> golden = shapes(Golden.path("formats/mlx-q" + bits + "/model.q" + bits + ".safetensors"));
        // Copies of layer 0's cross-attention, which nobody needs.
        golden.keySet().removeIf(name -> name.matches("transformer\\.layers\\.[1-9]\\d*\\.cross_attention\\.mha\\..*"));
        assertThat(shapes(scratch.resolve("out/model.q" + bits + ".safetensors")))
                .isEqualTo(golden);
    }

    @ParameterizedTest
    @CsvSource({
        "mlx-q4, model.q4.safetensors, MLX",
        "mlx-q8, model.q8.safetensors, MLX",
        "candle-q8, model.q8_0.gguf, CANDLE"
    })
    void aQuantizedModelBecomesAPlainOneOfTheSameValuesInBfloat16(String set, String file, Form form)
            throws IOException {
        Path source = Files.createDirectory(scratch.resolve("quantized"));
        Golden.config("lm", source);
        for (String name : List.of(file, "model_vision_tower_unquant.safetensors")) {
            Files.createSymbolicLink(source.resolve(name), Golden.path("formats/" + set + "/" + name));
        }
        Path out = scratch.resolve("plain.safetensors");
        Checkpoint.open(source).convert(form, out, ConvertOptions.defaults());
        Map<String, Values> expected = Golden.tensors("formats/" + set + "/dequantized.safetensors");
        int compared = 0;
        try (TensorFile open = TensorFiles.open(out)) {
            for (Map.Entry<String, Values> tensor : expected.entrySet()) {
                if (open.tensors().containsKey(tensor.getKey())) {
                    float[] actual = numbers(
                            open, tensor.getKey(), Shape.of(tensor.getValue().shape()));
                    assertThat(actual)
                            .as(tensor.getKey())
                            .isEqualTo(rounded(tensor.getValue().floats()));
                    compared++;
                }
            }
        }
        // All but the halves of the cross-attention, which is in one tensor in candle's plain form.
        assertThat(compared).isGreaterThanOrEqualTo(expected.size() - 2);
    }

    private static float[] rounded(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Float.intBitsToFloat(Floats.bfloat16(values[i]) << Short.SIZE);
        }
        return rounded;
    }

    /** The largest distance of a quantized weight from what it was, in steps of its own group. */
    private static double worstStep(Path quantized, Path plain) {
        double worst = 0;
        int matrices = 0;
        try (TensorFile steps = TensorFiles.open(quantized);
                TensorFile original = TensorFiles.open(plain)) {
            for (StoredTensor tensor : original.tensors().values()) {
                String scales = tensor.name().replaceFirst("weight$", "scales");
                if (!scales.equals(tensor.name()) && steps.tensors().containsKey(scales)) {
                    Shape shape = tensor.shape();
                    float[] scale =
                            numbers(steps, scales, steps.tensors().get(scales).shape());
                    float[] values = numbers(steps, tensor.name(), shape);
                    float[] expected = numbers(original, tensor.name(), shape);
                    int group = values.length / scale.length;
                    for (int i = 0; i < values.length; i++) {
                        worst = Math.max(worst, Math.abs(values[i] - expected[i]) / Math.abs(scale[i / group]));
                    }
                    matrices++;
                }
            }
        }
        assertThat(matrices).isGreaterThan(10);
        return worst;
    }

    private static float[] numbers(TensorFile file, String name, Shape shape) {
        return new StoredWeights(file, name, shape).numbers(0, shape.dimension(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void plainMoshiBecomesAModelWithoutVisionInEveryForm(boolean split) {
        int codebooks = Golden.json("lm/config.json").at("/moshi/dep_q").asInt();
        Path moshi = PlainMoshi.write(model.resolve("model.safetensors"), model.resolve("moshi"), split, codebooks);
        replaceModel(moshi);
        sayThatItSeesNothing();
        Path pytorch = convert(model, Form.PYTORCH, "pytorch");
        Map<String, String> expected = tensors(Golden.path("lm/model.safetensors"));
        expected.keySet().removeIf(name -> name.matches("image_prefix\\..*|.*(cross_attention|norm_cross)\\..*"));
        assertThat(tensors(pytorch)).isEqualTo(expected);
        Path mlx = convert(pytorch.getParent(), Form.MLX, "mlx");
        assertThat(tensors(convert(mlx.getParent(), Form.PYTORCH, "back"))).isEqualTo(expected);
        assertThat(Checkpoint.open(mlx.getParent()).describe().form()).isEqualTo("mlx");
        Checkpoint.open(mlx.getParent()).convert(Form.GGUF_Q8, scratch.resolve("gguf"), ConvertOptions.defaults());
        assertThat(scratch.resolve("gguf")).isDirectoryNotContaining("glob:**unquant*");
    }

    private void replaceModel(Path file) {
        try {
            Files.move(file, model.resolve("model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sayThatItSeesNothing() {
        try {
            Path yaml = model.resolve("moshika-vis.yaml");
            ObjectMapper json = new ObjectMapper(); // the test's configuration is JSON, which is YAML
            ObjectNode content = (ObjectNode) json.readTree(yaml.toFile());
            json.writeValue(yaml.toFile(), content.put("num_crossattended_tokens", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void normsThatDifferDoNotFitAFormThatHasOneForAll() {
        Path candle = convert(model, Form.CANDLE, "candle");
        String norm = "depformer.1.transformer.layers.0.norm1.alpha";
        rewrite(candle, norm, bytes -> bytes.putShort(0, Floats.bfloat16(7)));
        assertThatThrownBy(() -> convert(candle.getParent(), Form.PYTORCH, "out"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(
                        norm, "depformer.0.transformer", "differ", "expected equal values", "Choose another form");
        assertThat(scratch.resolve("out")).doesNotExist();
        convert(candle.getParent(), Form.MLX, "mlx");
    }

    @Test
    void whatIsNoNumberIsNotQuantized() {
        Path plain = convert(model, Form.PYTORCH, "plain");
        rewrite(plain, "llm.text_linear.weight", bytes -> bytes.putShort(8, Floats.bfloat16(Float.POSITIVE_INFINITY)));
        Checkpoint damaged = Checkpoint.open(plain.getParent());
        assertThatThrownBy(() -> damaged.quantize(4, scratch.resolve("out"), ConvertOptions.defaults()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("text_linear.weight", "Infinity", "finite numbers", "Download the file again");
        assertThat(scratch).isDirectoryNotContaining("glob:**{out,.partial}");
    }

    @Test
    void verifySaysWhatIsMissing() {
        assertThatThrownBy(() -> Checkpoint.open(model).verify())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("does not hold the whole model", "the codec", "the text pieces");
        Checkpoint.open(Cli.MODEL).verify();
    }

    private static void rewrite(Path file, String name, Consumer<ByteBuffer> change) {
        Map<TensorSpec, ByteBuffer> tensors = new LinkedHashMap<>();
        try (TensorFile open = TensorFiles.open(file)) {
            open.tensors().values().forEach(tensor -> {
                ByteBuffer copy = ByteBuffer.allocate((int) tensor.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
                tensors.put(
                        tensor.spec(),
                        copy.put(open.bytes(tensor.name()).slice()).flip());
            });
        }
        try (TensorWriter writer = SafetensorsWriter.create(file, tensors.keySet(), Map.of())) {
            tensors.forEach((spec, bytes) -> {
                if (spec.name().equals(name)) {
                    change.accept(bytes);
                }
                writer.write(spec.name(), bytes);
            });
            writer.commit();
        }
    }

    /** Converts and gives the language model's file. */
    private Path convert(Path from, Form form, String name) {
        ConversionResult written =
                Checkpoint.open(from).convert(form, scratch.resolve(name), ConvertOptions.defaults());
        assertThat(written.leftOut()).isEmpty();
        return scratch.resolve(name).resolve("model.safetensors");
    }

    /** Types, shapes and bytes. */
    private static Map<String, String> tensors(Path file) {
        try (TensorFile open = TensorFiles.open(file)) {
            Map<String, String> tensors = new LinkedHashMap<>();
            open.tensors().forEach((name, tensor) -> {
                byte[] bytes = new byte[(int) tensor.byteLength()];
                open.bytes(name).slice().get(bytes);
                tensors.put(
                        name,
                        tensor.type() + " " + tensor.shape() + " "
                                + Base64.getEncoder().encodeToString(bytes));
            });
            return tensors;
        }
    }

    private static Map<String, String> shapes(Path file) {
        try (TensorFile open = TensorFiles.open(file)) {
            return open.tensors().values().stream()
                    .collect(Collectors.toMap(StoredTensor::name, tensor -> tensor.type() + " " + tensor.shape()));
        }
    }
}
