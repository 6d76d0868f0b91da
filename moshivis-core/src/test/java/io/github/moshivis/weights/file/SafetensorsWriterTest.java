package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final TensorSpec ODD = TensorSpec.of("odd", StoredType.U8, 3);
    private static final TensorSpec WORDS = TensorSpec.of("words", StoredType.I32, 2);
    private static final TensorSpec EMPTY = TensorSpec.of("empty", StoredType.F64, 0, 5);

    @TempDir
    Path directory;

    @Test
    void aRealCheckpointSurvivesTheRoundTrip() throws IOException {
        Path copy = directory.resolve("copy.safetensors");
        try (TensorFile original = SafetensorsFile.open(Golden.path("lm/expected_switch.safetensors"))) {
            copy(original, copy, new ArrayList<>(original.tensors().keySet()));
            try (TensorFile written = SafetensorsFile.open(copy)) {
                assertThat(written.tensors()).hasSameSizeAs(original.tensors());
                original.tensors().forEach((name, tensor) -> {
                    StoredTensor found = written.tensors().get(name);
                    assertThat(found.spec()).isEqualTo(tensor.spec());
                    assertThat(found.offset() % found.type().alignment()).isZero();
                    assertThat(written.bytes(name).slice())
                            .isEqualTo(original.bytes(name).slice());
                });
            }
        }
    }

    @Test
    void equalContentGivesEqualBytesInWhateverOrderItComes() throws IOException {
        try (TensorFile original = SafetensorsFile.open(Golden.path("lm/expected_switch.safetensors"))) {
            List<String> names = new ArrayList<>(original.tensors().keySet());
            copy(original, directory.resolve("one"), names);
            Collections.reverse(names);
            copy(original, directory.resolve("two"), names);
        }
        assertThat(directory.resolve("one")).hasSameBinaryContentAs(directory.resolve("two"));
    }

    @Test
    void aFileThatCannotBeBegunLeavesNothing() {
        List<TensorSpec> tooLarge = List.of(TensorSpec.of("more", StoredType.U8, Long.MAX_VALUE / 2));
        assertThatThrownBy(() -> SafetensorsWriter.create(directory.resolve("model"), tooLarge, Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("enough space");
        assertThat(directory).isEmptyDirectory();
    }

    private static void copy(TensorFile original, Path target, List<String> names) {
        List<TensorSpec> specs =
                names.stream().map(n -> original.tensors().get(n).spec()).toList();
        try (TensorWriter writer = SafetensorsWriter.create(target, specs, Map.of("b", "2", "a", "1"))) {
            for (String name : names) {
                ByteBuffer bytes = original.bytes(name).slice();
                int half = bytes.remaining() / 2;
                writer.write(name, bytes.slice(0, half));
                writer.write(name, bytes.slice(half, bytes.remaining() - half));
            }
            writer.commit();
        }
    }

    @Test
    void alignsTheDataAndKeepsMetadata() throws IOException {
        Path path = directory.resolve("a.safetensors");
        try (TensorWriter writer = SafetensorsWriter.create(path, List.of(ODD, WORDS, EMPTY), Map.of("k", "v"))) {
            writer.write("odd", ByteBuffer.wrap(new byte[] {1, 2, 3}));
            writer.write(
                    "words",
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(7)
                            .putInt(8)
                            .flip());
            writer.commit();
        }
        try (TensorFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).isEqualTo(Map.of("k", "v"));
            assertThat(file.tensors().keySet()).containsExactly("empty", "words", "odd");
            assertThat(file.tensors().get("empty").offset() % 8).isZero();
            assertThat(file.bytes("words").slice().getInt(4)).isEqualTo(8);
        }
        assertThat(filesIn(directory)).containsExactly("a.safetensors");
    }

    @Test
    void leavesTheOldFileAndNoTraceWithoutACommit() throws IOException {
        Path path = Files.writeString(directory.resolve("a.safetensors"), "old");
        try (TensorWriter writer = SafetensorsWriter.create(path, List.of(ODD), Map.of())) {
            writer.write("odd", ByteBuffer.wrap(new byte[] {1}));
            assertThat(filesIn(directory))
                    .as("the old file, the new one and its lock")
                    .hasSize(3);
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(path.toString(), "incomplete", "'odd'");
        }
        assertThat(path).hasContent("old");
        assertThat(filesIn(directory)).containsExactly("a.safetensors");
    }

    @Test
    void refusesWhatWasNotDeclared() {
        Path path = directory.resolve("a.safetensors");
        try (TensorWriter writer = SafetensorsWriter.create(path, List.of(ODD), Map.of())) {
            assertThatThrownBy(() -> writer.write("even", ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'even'", path.toString(), "Declare");
            assertThatThrownBy(() -> writer.write("odd", ByteBuffer.allocate(4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'odd'", "4 bytes", "at most the 3");
        }
    }

    @Test
    void refusesUseAfterCommitAndClose() {
        TensorWriter writer = SafetensorsWriter.create(directory.resolve("a"), List.of(EMPTY), Map.of());
        writer.commit();
        assertThatThrownBy(() -> writer.write("empty", ByteBuffer.allocate(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        writer.close();
        writer.close();
        assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesNamesThatAHeaderCannotHold() {
        assertThatThrownBy(() -> SafetensorsWriter.create(directory.resolve("a"), List.of(ODD, ODD), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("odd");
        TensorSpec reserved = TensorSpec.of("__metadata__", StoredType.U8, 1);
        assertThatThrownBy(() -> SafetensorsWriter.create(directory.resolve("a"), List.of(reserved), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("__metadata__", "reserved");
    }

    @Test
    void saysWhyAFileCannotBeCreated() {
        Path path = directory.resolve("missing").resolve("a.safetensors");
        assertThatThrownBy(() -> SafetensorsWriter.create(path, List.of(ODD), Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(path.toString(), "writable directory");
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void refusesBlocksWhichTheFormatDoesNotHave() {
        TensorSpec blocks = TensorSpec.of("blocks", StoredType.Q8_0, 2, 32);
        assertThatThrownBy(() -> SafetensorsWriter.create(directory.resolve("x"), List.of(blocks), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Q8_0", "'blocks'", "scalar", "GGUF");
    }
}
