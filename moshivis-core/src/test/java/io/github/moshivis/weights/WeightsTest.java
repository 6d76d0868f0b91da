package io.github.moshivis.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.moshivis.Leaks;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.SafetensorsWriter;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.file.TensorWriter;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors under our names, over a mapped file: in place where they can be, and all that is wrong at once. */
class WeightsTest {
    private static final TensorNames NAMES = TensorNames.builder()
            .name("norm", "n.alpha")
            .rows("part.{s}", "stacked", "{s}", 1, 2)
            .name("ids", "ids")
            .name("gone", "gone")
            .name("other", "other.weight")
            .build();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("w.safetensors");
        List<TensorSpec> specs = List.of(
                TensorSpec.of("n.alpha", StoredType.F32, 1, 1, 2),
                TensorSpec.of("stacked", StoredType.F32, 4, 1),
                TensorSpec.of("ids", StoredType.I64, 2),
                TensorSpec.of("extra", StoredType.F32, 1));
        try (TensorWriter writer = SafetensorsWriter.create(file, specs, Map.of())) {
            writer.write("n.alpha", floats(1, 2));
            writer.write("stacked", floats(10, 11, 12, 13));
            writer.write("ids", ByteBuffer.allocate(16));
            writer.write("extra", floats(0));
            writer.commit();
        }
    }

    private static ByteBuffer floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    private Weights open() {
        return new Weights(SafetensorsFile.open(file), NAMES, Device.CPU);
    }

    @Test
    void readsWholeTensorsAndRowsOfStackedOnes() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (Weights weights = open();
                Scope scope = Scope.open()) {
            WeightReader reader = weights.as(DType.F32);
            assertThat(reader.tensor("norm", 2).toFloats()).containsExactly(1, 2);
            assertThat(reader.at("part").tensor("1", 2, 1).toFloats()).containsExactly(12, 13);
            assertThat(reader.as(DType.BF16).tensor("norm", 2).dtype()).isEqualTo(DType.BF16);
            assertThat(reader.has("gone")).isFalse();
            weights.verify(name -> name.equals("ids"));
        }
        Leaks.assertNone(before);
    }

    @Test
    void progressCountsTensorsThatWereCheckedBefore() {
        List<Long> heard = new ArrayList<>();
        try (Weights weights = open();
                Scope scope = Scope.open()) {
            weights.require(Map.of("norm", Shape.of(2), "part.1", Shape.of(2, 1)), name -> true);
            weights.onUse(heard::add);
            weights.plan(DType.F32, reader -> reader.tensor("norm", 2));
            assertThat(heard).isEmpty();
            weights.as(DType.F32).tensor("norm", 2);
            weights.as(DType.F32).tensor("norm", 2);
            assertThat(heard).containsExactly(8L);
        }
    }

    @Test
    void readsInPlaceInTheFilesOwnType() throws IOException {
        try (Weights weights = open();
                Scope scope = Scope.open()) {
            Tensor inPlace = weights.as(DType.F32).tensor("norm", 2);
            Tensor converted = weights.as(DType.BF16).tensor("norm", 2);
            int at = indexOf(Files.readAllBytes(file), floats(1, 2).array());
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.seek(at);
                raw.write(floats(5, 6).array());
            }
            assertThat(inPlace.toFloats()).as("mapped").containsExactly(5, 6);
            assertThat(converted.toFloats()).as("copied").containsExactly(1, 2);
            assertThat(weights.plan(DType.F32, reader -> reader.tensor("norm", 2))
                            .copiedBytes())
                    .isZero();
            assertThat(weights.plan(DType.BF16, reader -> reader.tensor("norm", 2))
                            .copiedBytes())
                    .isEqualTo(2 * 2);
        }
    }

    private static int indexOf(byte[] all, byte[] wanted) {
        for (int at = 0; ; at++) {
            if (ByteBuffer.wrap(all, at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return at;
            }
        }
    }

    @Test
    void copiesATensorThatIsNotAligned() throws IOException {
        String header = "{\"n.alpha\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]},"
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 9).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).put((byte) 7).put(floats(3, 4));
        Files.write(file, bytes.array());
        try (Weights weights = open();
                Scope scope = Scope.open()) {
            Tensor tensor = weights.as(DType.F32).tensor("norm", 2);
            assertThat(tensor.isAligned()).isTrue();
            assertThat(tensor.toFloats()).containsExactly(3, 4);
        }
    }

    @Test
    void keepsMappedMemoryWhileATensorLives() throws InterruptedException {
        try (Weights weights = open()) {
            Tensor tensor = weights.as(DType.F32).tensor("norm", 2);
            for (int i = 0; i < 5; i++) {
                System.gc();
                Thread.sleep(10);
            }
            try (Scope scope = Scope.open()) {
                assertThat(tensor.toFloats()).containsExactly(1, 2);
            }
        }
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() {
        try (Weights weights = open()) {
            WeightReader reader = weights.as(DType.F32);
            assertThat(reader.tensor("norm", 3).shape()).as("a placeholder").containsExactly(3);
            reader.tensor("gone", 7, 1);
            reader.tensor("ids", 2);
            reader.tensor("unheard-of", 1);
            reader.tensor("part.0", 2, 1);
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> weights.verify(name -> false))
                    .withMessageContaining(file.toString())
                    .withMessageContaining("4 problems")
                    .withMessageContaining("n.alpha: has shape [1, 1, 2], expected [3]")
                    .withMessageContaining("gone: missing, expected shape [7, 1]")
                    .withMessageContaining("ids: has type I64, expected F32")
                    .withMessageContaining("unheard-of: this format has no such tensor")
                    .withMessageContaining("Not expected: extra")
                    .withMessageContaining("use the configuration that belongs to this file");
        }
    }
}
