package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files as we write them: read back, aligned, whole or not at all. */
class GgufWriterTest {
    private static final TensorSpec NORM = TensorSpec.of("norm", StoredType.F32, 3);
    private static final TensorSpec MATRIX = TensorSpec.of("matrix", StoredType.Q8_0, 2, 64);

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("model.gguf");
    }

    private static ByteBuffer bytes(int count, int first) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (first + i));
        }
        return bytes.flip();
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        try (TensorWriter writer = GgufWriter.create(file(), List.of(NORM, MATRIX))) {
            writer.write("matrix", bytes(100, 0));
            writer.write("norm", bytes(12, 50));
            writer.write("matrix", bytes(36, 100));
            writer.commit();
        }
        try (TensorFile read = GgufFile.open(file())) {
            assertThat(read.metadata()).isEmpty();
            assertThat(read.tensors().values().stream().map(StoredTensor::spec)).containsExactly(NORM, MATRIX);
            assertThat(read.bytes("norm").slice()).isEqualTo(bytes(12, 50));
            assertThat(read.bytes("matrix").slice()).isEqualTo(bytes(136, 0));
            assertThat(read.tensors().values()).allMatch(tensor -> tensor.offset() % 32 == 0);
        }
    }

    @Test
    void theHeaderIsVersion3AndTheFileEndsAligned() throws IOException {
        try (TensorWriter writer = GgufWriter.create(file(), List.of(NORM))) {
            writer.write("norm", bytes(12, 0));
            writer.commit();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new byte[] {bytes.get(), bytes.get(), bytes.get(), bytes.get()})
                .isEqualTo("GGUF".getBytes());
        assertThat(bytes.getInt()).isEqualTo(3);
        assertThat(bytes.getLong()).as("tensors").isEqualTo(1);
        assertThat(bytes.getLong()).as("metadata").isZero();
        assertThat(bytes.capacity() % 32).isZero();
    }

    @Test
    void anUnfinishedFileLeavesNothing() {
        try (TensorWriter writer = GgufWriter.create(file(), List.of(NORM))) {
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("incomplete", "'norm'");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatAHeaderCannotHoldIsRefused() {
        assertThatThrownBy(() -> GgufWriter.create(file(), List.of(NORM, NORM)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("two tensors named 'norm'", "distinct names");
        TensorSpec other = TensorSpec.of("other", StoredType.BF16, 3);
        assertThatThrownBy(() -> GgufWriter.create(file(), List.of(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("BF16", "'other'", "expected F32 or Q8_0");
        assertThat(directory).isEmptyDirectory();
    }
}
