package io.github.moshivis.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Checkpoint.Form;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.checkpoint.Written;
import io.github.moshivis.weights.Floats;
import io.github.moshivis.weights.StoredTensor;
import io.github.moshivis.weights.StoredWeights;
import io.github.moshivis.weights.TensorFile;
import io.github.moshivis.weights.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
                    float[] actual =
                            numbers(open, tensor.getKey(), tensor.getValue().shape());
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

    /** The largest distance of a quantised weight from what it was, in steps of its own group. */
    private static double worstStep(Path quantized, Path plain) {
        double worst = 0;
        int matrices = 0;
        try (TensorFile steps = TensorFiles.open(quantized);
                TensorFile original = TensorFiles.open(plain)) {
            for (StoredTensor tensor : original.tensors().values()) {
                String scales = tensor.name().replaceFirst("weight$", "scales");
                if (!scales.equals(tensor.name()) && steps.tensors().containsKey(scales)) {
                    long[] shape = sizes(tensor);
                    float[] scale = numbers(steps, scales, sizes(steps.tensors().get(scales)));
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

    private static float[] numbers(TensorFile file, String name, long... shape) {
        return new StoredWeights(file, name, shape).numbers(0, shape[0]);
    }

    private static long[] sizes(StoredTensor tensor) {
        return tensor.shape().stream().mapToLong(Long::longValue).toArray();
    }

    /** Converts and gives the language model's file. */
    private Path convert(Path from, Form form, String name) {
        Written written = Checkpoint.open(from).convert(form, scratch.resolve(name), ConvertOptions.defaults());
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
