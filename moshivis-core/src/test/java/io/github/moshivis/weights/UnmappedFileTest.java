package io.github.moshivis.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read into memory is what is mapped. */
class UnmappedFileTest {
    @TempDir
    Path directory;

    @Test
    void bytesAreThoseOfTheMapping() {
        try (TensorFile file = SafetensorsFile.open(Golden.path("lm/model.safetensors"))) {
            UnmappedFile unmapped = new UnmappedFile(file);
            assertThat(unmapped.tensors()).isEqualTo(file.tensors());
            assertThat(unmapped.path()).isEqualTo(file.path());
            assertThat(unmapped.metadata()).isEqualTo(file.metadata());
            try (Scope scope = Scope.open()) {
                for (String name : file.tensors().keySet()) {
                    assertThat(unmapped.bytes(name).slice())
                            .as(name)
                            .isEqualTo(file.bytes(name).slice());
                }
            }
        }
    }

    @Test
    void aFileThatWasCutMeanwhileIsSaid() throws IOException {
        Path path = Files.copy(Golden.path("lm/model.safetensors"), directory.resolve("m.safetensors"));
        try (TensorFile file = SafetensorsFile.open(path);
                Scope scope = Scope.open()) {
            Files.delete(path);
            Files.write(path, new byte[100]);
            String last = file.tensors().keySet().stream().reduce((a, b) -> b).orElseThrow();
            assertThatThrownBy(() -> new UnmappedFile(file).bytes(last))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll("m.safetensors", "end of the file", last);
        }
    }
}
