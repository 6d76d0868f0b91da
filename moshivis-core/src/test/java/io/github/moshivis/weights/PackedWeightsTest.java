package io.github.moshivis.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFiles;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.quant.GroupedWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrices that MLX has packed: whatever width and group their shapes say, and no others. */
class PackedWeightsTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 192;

    @TempDir
    Path directory;

    private final Map<String, ByteBuffer> bytes = new LinkedHashMap<>();
    private final Map<String, TensorSpec> specs = new LinkedHashMap<>();

    private ByteBuffer put(String name, StoredType type, long... shape) {
        TensorSpec spec = TensorSpec.of(name, type, shape);
        ByteBuffer buffer = ByteBuffer.allocate((int) spec.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
        specs.put(name, spec);
        bytes.put(name, buffer);
        return buffer;
    }

    private Weights open() {
        Path path = directory.resolve("model");
        try (TensorWriter writer = SafetensorsWriter.create(path, specs.values(), Map.of())) {
            bytes.forEach((name, buffer) -> writer.write(name, buffer.clear()));
            writer.commit();
        }
        return new Weights(TensorFiles.open(path), TensorNames.SAME, Device.CPU);
    }

    @ParameterizedTest(name = "{0} bits in groups of {1}")
    @CsvSource({"2,16", "3,32", "4,32", "4,64", "5,192", "6,96", "8,64", "8,1"})
    void hasTheWidthAndGroupThatItsShapesSay(int bits, int group) {
        Random random = new Random(1);
        ByteBuffer words = put("x.weight", StoredType.U32, ROWS, COLUMNS * bits / 32);
        ByteBuffer scales = put("x.scales", StoredType.F32, ROWS, COLUMNS / group);
        ByteBuffer offsets = put("x.biases", StoredType.F32, ROWS, COLUMNS / group);
        float[] expected = new float[ROWS * COLUMNS];
        float scale = 0;
        float offset = 0;
        for (int i = 0; i < expected.length; i++) {
            if (i % group == 0) {
                scale = random.nextFloat();
                offset = random.nextFloat() - 0.5f;
                scales.putFloat(scale);
                offsets.putFloat(offset);
            }
            int value = random.nextInt(1 << bits);
            for (int b = 0; b < bits; b++) {
                int bit = i * bits + b;
                int at = bit / 8;
                words.put(at, (byte) (words.get(at) | (value >> b & 1) << bit % 8));
            }
            expected[i] = scale * value + offset;
        }
        try (Weights weights = open();
                Scope scope = Scope.open()) {
            WeightReader reader = weights.as(DType.F32);
            assertThat(reader.tensor("x.weight", ROWS, COLUMNS).toFloats()).isEqualTo(expected);
            GroupedWeights grouped = reader.grouped("x.weight", ROWS, COLUMNS).orElseThrow();
            assertThat(grouped.bits()).isEqualTo(bits);
            assertThat(grouped.group()).isEqualTo(group);
            assertThat(grouped.values().toString()).contains("U8", "[3, 192]");
            weights.verify(name -> false);
        }
    }

    private void refuses(String... words) {
        try (Weights weights = open()) {
            weights.as(DType.F32).tensor("x.weight", ROWS, COLUMNS);
            assertThat(weights.grouped("x.weight", ROWS, COLUMNS)).isEmpty();
            assertThatThrownBy(() -> weights.verify(name -> true))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll(directory.toString(), "x.weight", "expected")
                    .hasMessageContainingAll(words);
        }
    }

    @Test
    void refusesWordsWithoutScales() {
        put("x.weight", StoredType.U32, ROWS, COLUMNS / 8);
        put("x.biases", StoredType.BF16, ROWS, COLUMNS / 32);
        refuses("packed", "x.scales");
    }

    @Test
    void refusesScalesWithoutOffsets() {
        put("x.weight", StoredType.U32, ROWS, COLUMNS / 8);
        put("x.scales", StoredType.BF16, ROWS, COLUMNS / 32);
        refuses("x.biases");
    }

    @Test
    void refusesScalesBesidePlainNumbers() {
        put("x.weight", StoredType.BF16, ROWS, COLUMNS);
        put("x.scales", StoredType.BF16, ROWS, COLUMNS / 32);
        put("x.biases", StoredType.BF16, ROWS, COLUMNS / 32);
        refuses("BF16", "U32");
    }

    @ParameterizedTest(name = "{0} words with {1} scales and {2} offsets a row")
    @CsvSource({"24,5,5", "24,6,3", "24,0,0", "25,6,6", "96,6,6", "3,6,6", "0,6,6"})
    void refusesGroupsThatTheShapesContradict(int words, int scales, int offsets) {
        put("x.weight", StoredType.U32, ROWS, words);
        put("x.scales", StoredType.BF16, ROWS, scales);
        put("x.biases", StoredType.BF16, ROWS, offsets);
        refuses("[3, " + words + "]", "[3, " + scales + "]", "contradicts", "[3, 192]");
    }
}
