package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    Path directory;

    @Test
    void readsEveryTensorOfARealCheckpointAtItsPlace() throws IOException {
        Path path = Golden.path("lm/model.safetensors");
        byte[] raw = Files.readAllBytes(path);
        int headerBytes =
                (int) ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonNode header = new ObjectMapper().readTree(raw, 8, headerBytes);

        try (TensorFile file = SafetensorsFile.open(path)) {
            assertThat(file.path()).isEqualTo(path.toAbsolutePath());
            assertThat(file.tensors().keySet()).containsExactlyElementsOf(header::fieldNames);
            file.tensors().forEach((name, tensor) -> {
                JsonNode entry = header.get(name);
                assertThat(tensor.name()).isEqualTo(name);
                assertThat(tensor.type()).hasToString(entry.get("dtype").asText());
                assertThat(tensor.shape())
                        .hasToString(entry.get("shape").toString().replace(",", ", "));
                int start = 8 + headerBytes + entry.get("data_offsets").get(0).asInt();
                assertThat(tensor.offset()).isEqualTo(start);
                byte[] expected = Arrays.copyOfRange(raw, start, start + (int) tensor.byteLength());
                assertThat(file.bytes(name).slice()).isEqualTo(ByteBuffer.wrap(expected));
            });
        }
    }

    @Test
    void keepsMetadataAndTheOrderOfTheHeader() throws IOException {
        String header = "{" + SafetensorsFiles.entry("z", "U8", "[2]", "[4,6]") + ","
                + "\"__metadata__\":{\"format\":\"pt\",\"a\":\"é\"},"
                + SafetensorsFiles.entry("a", "F32", "[]", "[0,4]") + "}  ";
        try (TensorFile file = SafetensorsFile.open(SafetensorsFiles.write(directory, header, 6))) {
            assertThat(file.metadata()).containsEntry("format", "pt").containsEntry("a", "é");
            assertThat(file.tensors().keySet()).containsExactly("z", "a");
            assertThat(file.tensors().get("a").shape()).isEmpty();
            assertThat(file.tensors().get("a").byteLength()).isEqualTo(4);
            assertThat(file.bytes("z").slice()).isEqualTo(ByteBuffer.wrap(new byte[] {4, 5}));
            assertThat(file.bytes("a").slice().getInt()).isEqualTo(0x03020100);
        }
    }

    @Test
    void readsAnEmptyFileOfNoTensors() throws IOException {
        try (TensorFile file = SafetensorsFile.open(SafetensorsFiles.write(directory, "{}", 0))) {
            assertThat(file.tensors()).isEmpty();
            assertThat(file.metadata()).isEmpty();
        }
    }

    @Test
    void readsEmptyTensorsAndMisalignedOnes() throws IOException {
        String header = "{" + SafetensorsFiles.entry("empty", "F32", "[0,7]", "[1,1]") + ","
                + SafetensorsFiles.entry("odd", "F32", "[1]", "[1,5]") + ","
                + SafetensorsFiles.entry("first", "U8", "[1]", "[0,1]") + ","
                + SafetensorsFiles.entry("last", "I64", "[0]", "[5,5]") + "}";
        try (TensorFile file = SafetensorsFile.open(SafetensorsFiles.write(directory, header, 5))) {
            assertThat(file.bytes("empty").slice().remaining()).isZero();
            assertThat(file.bytes("last").slice().remaining()).isZero();
            assertThat(file.bytes("odd").slice().getInt()).isEqualTo(0x04030201);
        }
    }

    @Test
    void groupsWholeTensorsIntoWindowsOfBoundedSize() throws IOException {
        String header = "{" + SafetensorsFiles.entry("a", "U8", "[6]", "[0,6]") + ","
                + SafetensorsFiles.entry("b", "U8", "[4]", "[6,10]") + ","
                + SafetensorsFiles.entry("c", "U8", "[1]", "[10,11]") + "}";
        Path path = SafetensorsFiles.write(directory, header, 11);
        try (TensorFile file = SafetensorsFile.open(path, 10)) {
            assertThat(file.bytes("a").window()).isSameAs(file.bytes("b").window());
            assertThat(file.bytes("c").window()).isNotSameAs(file.bytes("a").window());
            for (String name : List.of("a", "b", "c")) {
                TensorBytes bytes = file.bytes(name);
                assertThat(bytes.window().capacity()).isLessThanOrEqualTo(10);
                assertThat(bytes.window().get(bytes.position()))
                        .isEqualTo(bytes.slice().get(0));
            }
            assertThat(file.bytes("b").slice().get(0)).isEqualTo((byte) 6);
            assertThat(file.bytes("c").slice().get(0)).isEqualTo((byte) 10);
        }
    }

    @Test
    void refusesATensorThatNoWindowCanHold() throws IOException {
        Path path = SafetensorsFiles.write(
                directory, "{" + SafetensorsFiles.entry("big", "U8", "[11]", "[0,11]") + "}", 11);
        assertThatThrownBy(() -> SafetensorsFile.open(path, 10))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("'big'", path.toString(), "11 bytes", "at most 10", "smaller type");
    }

    @Test
    @Tag("stress") // Needs no time, but a file system with sparse files: 5 GB of nothing.
    void readsTheEndOfAFileOfManyGigabytes() throws IOException {
        long tensorBytes = 1_250_000_000;
        String header = IntStream.range(0, 4)
                .mapToObj(i -> SafetensorsFiles.entry(
                        "t" + i,
                        "U8",
                        "[" + tensorBytes + "]",
                        List.of(i * tensorBytes, (i + 1) * tensorBytes).toString()))
                .collect(Collectors.joining(",", "{", "}"));
        Path path = SafetensorsFiles.write(directory, header, 0);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            long start = channel.size();
            for (int i = 0; i < 4; i++) {
                channel.write(ByteBuffer.wrap(new byte[] {(byte) (i + 1)}), start + (i + 1) * tensorBytes - 1);
            }
        }
        try (TensorFile file = SafetensorsFile.open(path)) {
            for (int i = 0; i < 4; i++) {
                ByteBuffer bytes = file.bytes("t" + i).slice();
                assertThat(bytes.get(0)).isZero();
                assertThat(bytes.get((int) tensorBytes - 1)).isEqualTo((byte) (i + 1));
            }
        }
    }

    @Test
    void mapsReadOnlyMemory() throws IOException {
        Path path = SafetensorsFiles.write(directory, "{" + SafetensorsFiles.entry("a", "U8", "[1]", "[0,1]") + "}", 1);
        try (TensorFile file = SafetensorsFile.open(path)) {
            TensorBytes bytes = file.bytes("a");
            assertThat(bytes.window().isDirect()).isTrue();
            assertThatThrownBy(() -> bytes.slice().put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void refusesBytesAfterClose() throws IOException {
        Path path = SafetensorsFiles.write(directory, "{" + SafetensorsFiles.entry("a", "U8", "[1]", "[0,1]") + "}", 1);
        TensorFile file = SafetensorsFile.open(path);
        file.close();
        file.close();
        assertThat(file.tensors()).containsKey("a");
        assertThatThrownBy(() -> file.bytes("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("'a'", path.toString(), "closed");
    }

    @Test
    void refusesATensorThatTheFileDoesNotHave() throws IOException {
        try (TensorFile file = SafetensorsFile.open(SafetensorsFiles.write(directory, "{}", 0))) {
            assertThatThrownBy(() -> file.bytes("gone"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'gone'", "tensors()");
        }
    }

    @Test
    void namesAFileThatIsMissingOrADirectory() {
        assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("no.safetensors")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(directory.resolve("no.safetensors").toString(), "nothing there");
        assertThatThrownBy(() -> SafetensorsFile.open(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(directory.toString(), "no regular file");
    }
}
