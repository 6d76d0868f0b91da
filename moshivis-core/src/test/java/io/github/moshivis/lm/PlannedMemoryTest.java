package io.github.moshivis.lm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.AdapterFiles;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.weights.Adapter;
import io.github.moshivis.weights.MeasuredWeights;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.CheckpointFormat;
import io.github.moshivis.weights.names.LanguageModelFiles;
import io.github.moshivis.weights.names.TensorNames;
import io.github.moshivis.weights.quant.MatrixForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that a plan states before weights are read is the memory that they take: all forms of the golden model, types and quantizations. */
class PlannedMemoryTest {
    private static final List<MatrixForm> FORMS = List.of(
            MatrixForm.DENSE,
            MatrixForm.INT8,
            MatrixForm.int4(32),
            MatrixForm.int4(64),
            MatrixForm.int4(128),
            MatrixForm.int4(256),
            MatrixForm.AS_STORED);

    @TempDir
    Path scratch;

    private static Path form(String name) {
        return Golden.path("formats/"
                + Golden.json("formats/config.json").get("files").get(name).asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"candle-q8", "mlx-q4", "mlx-q8", "pytorch", "adapted"})
    void planSaysTheMemory(String name) throws IOException {
        long inFiles = copied(name, DType.BF16, MatrixForm.DENSE);
        long rounded = copied(name, DType.F32, MatrixForm.int4(32));
        long asStored = copied(name, DType.BF16, MatrixForm.AS_STORED);
        assertThat(rounded).isPositive();
        if (name.equals("pytorch")) {
            assertThat(inFiles).as("nothing but norms").isLessThan(rounded);
            assertThat(asStored).isEqualTo(inFiles);
        }
    }

    @Tag("stress")
    @ParameterizedTest
    @ValueSource(strings = {"candle-bf16", "candle-q8", "mlx-bf16", "mlx-q4", "mlx-q8", "pytorch", "adapted"})
    void planSaysTheMemoryOfEveryTypeAndForm(String name) throws IOException {
        for (MatrixForm matrices : FORMS) {
            assertThat(copied(name, DType.F32, matrices)).isPositive();
            assertThat(copied(name, DType.BF16, matrices)).isPositive();
        }
    }

    /** Loads the model, and compares its memory with the plan; returns bytes that are copied. */
    private long copied(String name, DType dtype, MatrixForm matrices) throws IOException {
        boolean adapted = name.equals("adapted");
        Path path = name.equals("pytorch") || adapted ? Golden.path("lm/model.safetensors") : form(name);
        LmConfig config = Golden.config("lm", scratch).lm();
        TensorFile file = LanguageModelFiles.open(path);
        TensorNames table = CheckpointFormat.require(file)
                .table(config.modelCodebooks(), file.tensors().keySet());
        Adapter adapter = adapted
                ? Adapter.open(AdapterFiles.read(Golden.path("lora/vis/adapter")), config.modelCodebooks())
                : null;
        try (Weights weights = new Weights(file, table, Device.CPU, adapter)) {
            return MeasuredWeights.assertPlanned(
                    name + " as " + dtype + " in " + matrices,
                    weights,
                    file,
                    dtype,
                    reader -> LanguageModelLoader.load(reader.in(matrices), config, RmsNorm.Spec.VARIANCE));
        }
    }
}
