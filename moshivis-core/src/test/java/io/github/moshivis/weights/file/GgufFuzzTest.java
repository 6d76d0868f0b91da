package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A real header, mutated: whatever comes out is a clear refusal, or a file whose every tensor can be read. */
class GgufFuzzTest {
    private static Path directory;
    private static byte[] real;
    private static int headerEnd;

    @BeforeContainer
    static void readARealFile() throws IOException {
        directory = Files.createTempDirectory("gguf-fuzz");
        Path path = Golden.path("formats/"
                + Golden.json("formats/config.json")
                        .get("files")
                        .get("candle-q8")
                        .asText());
        real = Files.readAllBytes(path);
        try (TensorFile file = GgufFile.open(path)) {
            headerEnd = (int) file.tensors().values().stream()
                    .mapToLong(StoredTensor::offset)
                    .min()
                    .orElseThrow();
        }
    }

    @AfterContainer
    static void cleanUp() throws IOException {
        Files.deleteIfExists(directory.resolve("mutant"));
        Files.delete(directory);
    }

    @Property(tries = 300, seed = "20261122", shrinking = ShrinkingMode.OFF)
    void neverTrustsAMutatedHeader(@ForAll("edits") List<Edit> edits) throws IOException {
        byte[] mutant = real.clone();
        for (Edit edit : edits) {
            mutant = edit.apply(mutant);
        }
        openOrRefuse(mutant);
    }

    @Property(tries = 200, seed = "20261122", shrinking = ShrinkingMode.OFF)
    void neverTrustsRandomBytes(@ForAll byte[] bytes) throws IOException {
        openOrRefuse(bytes);
        openOrRefuse(ByteBuffer.allocate(8 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(GgufHeader.MAGIC)
                .putInt(3)
                .put(bytes)
                .array());
    }

    private static void openOrRefuse(byte[] bytes) throws IOException {
        Path path = Files.write(directory.resolve("mutant"), bytes);
        try (TensorFile file = GgufFile.open(path)) {
            long read = 0;
            for (StoredTensor tensor : file.tensors().values()) {
                byte[] copy = new byte[(int) tensor.byteLength()];
                file.bytes(tensor.name()).slice().get(copy);
                read += copy.length;
            }
            assertThat(read).isLessThan(bytes.length);
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContainingAll(path.toString(), "found", "expected");
        }
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        Arbitrary<Long> number = Arbitraries.of(
                0L,
                1L,
                7L,
                31L,
                33L,
                255L,
                1L << 20,
                1L << 31,
                1L << 32,
                1L << 40,
                1L << 62,
                Long.MAX_VALUE,
                -1L,
                -32L);
        return Combinators.combine(
                        Arbitraries.of(Kind.class), Arbitraries.doubles().between(0, 1), number)
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    enum Kind {
        NUMBER,
        START,
        BYTE,
        DELETE,
        TRUNCATE
    }

    /** One change; {@code where} runs over the header from 0 to 1. */
    record Edit(Kind kind, double where, long number) {
        byte[] apply(byte[] file) {
            if (file.length < headerEnd) {
                return file;
            }
            int at = (int) (where * (headerEnd - Long.BYTES));
            ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            switch (kind) {
                case NUMBER -> bytes.putLong(at, number);
                case START -> bytes.putLong(at % 24, number); // magic, version and counts
                case BYTE -> bytes.put(at, (byte) number);
                case DELETE -> System.arraycopy(file, at + 1, file, at, file.length - at - 1);
                case TRUNCATE -> {
                    return Arrays.copyOf(file, (int) (where * file.length));
                }
            }
            return file;
        }
    }
}
