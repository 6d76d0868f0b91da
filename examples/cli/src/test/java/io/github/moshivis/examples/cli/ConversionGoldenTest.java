package io.github.moshivis.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Checkpoint.Form;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.checkpoint.Written;
import io.github.moshivis.weights.SafetensorsFile;
import io.github.moshivis.weights.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The golden model in all forms: our files are those of the reference's converters, and the way back is the identity. */
class ConversionGoldenTest {
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
    @CsvSource({"CANDLE, formats/candle-bf16", "MLX, formats/mlx-bf16", "PYTORCH, lm"})
    void aConvertedFileHoldsWhatTheReferencesFileHolds(Form form, String golden) {
        Path out = convert(model, form, "out");
        assertThat(tensors(out)).isEqualTo(tensors(Golden.path(golden + "/model.safetensors")));
    }

    @ParameterizedTest
    @EnumSource(names = "GGUF_Q8", mode = EnumSource.Mode.EXCLUDE)
    void thereAndBackAndFromAFormToItselfIsTheIdentity(Form form) {
        Path there = convert(model, form, "there");
        assertThat(tensors(convert(there, form, "same"))).isEqualTo(tensors(there));
        assertThat(tensors(convert(there, Form.PYTORCH, "back"))).isEqualTo(tensors(model));
    }

    private Path convert(Path from, Form form, String name) {
        Path out = scratch.resolve(name);
        Written written = Checkpoint.open(from).convert(form, out, ConvertOptions.defaults());
        assertThat(written.leftOut()).isEmpty();
        return out;
    }

    /** Types, shapes and bytes. */
    private static Map<String, String> tensors(Path directoryOrFile) {
        Path file = Files.isDirectory(directoryOrFile) ? directoryOrFile.resolve("model.safetensors") : directoryOrFile;
        try (TensorFile open = SafetensorsFile.open(file)) {
            return open.tensors().values().stream()
                    .collect(Collectors.toMap(
                            tensor -> tensor.name(),
                            tensor -> tensor.type() + " " + tensor.shape() + " "
                                    + hash(open.bytes(tensor.name()).slice())));
        }
    }

    private static String hash(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return java.util.Base64.getEncoder().encodeToString(copy);
    }
}
