package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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

/** Real headers, mutated: whatever comes out is a clear refusal, or a file whose every tensor can be read. */
class SafetensorsFuzzTest {
    private static Path directory;
    private static byte[] real;

    @BeforeContainer
    static void readARealFile() throws IOException {
        directory = Files.createTempDirectory("safetensors-fuzz");
        real = Files.readAllBytes(Golden.path("lm/expected_no_image.safetensors"));
    }

    @AfterContainer
    static void cleanUp() throws IOException {
        Files.deleteIfExists(directory.resolve("mutant"));
        Files.delete(directory);
    }

    @Property(tries = 400, seed = "20261122", shrinking = ShrinkingMode.OFF)
    void neverTrustsAMutatedHeader(@ForAll("edits") List<Edit> edits) throws IOException {
        int headerEnd =
                8 + (int) ByteBuffer.wrap(real).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] mutant = real;
        for (Edit edit : edits) {
            mutant = edit.apply(mutant, headerEnd);
        }
        openOrRefuse(mutant);
    }

    @Property(tries = 200, seed = "20261122", shrinking = ShrinkingMode.OFF)
    void neverTrustsRandomBytes(@ForAll byte[] bytes) throws IOException {
        openOrRefuse(bytes);
        ByteBuffer framed = ByteBuffer.allocate(9 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        openOrRefuse(framed.putLong(1 + bytes.length).put((byte) '{').put(bytes).array());
    }

    private static void openOrRefuse(byte[] bytes) throws IOException {
        Path path = Files.write(directory.resolve("mutant"), bytes);
        try (TensorFile file = SafetensorsFile.open(path)) {
            long read = file.tensors().keySet().stream()
                    .mapToLong(name -> readAll(file.bytes(name).slice()))
                    .sum();
            long declared = file.tensors().values().stream()
                    .mapToLong(StoredTensor::byteLength)
                    .sum();
            assertThat(read).isEqualTo(declared).isLessThan(bytes.length);
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContainingAll(path.toString(), "found", "expected");
        }
    }

    private static long readAll(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy.length;
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        Arbitrary<String> text = Arbitraries.of(
                "\"",
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "-",
                "9",
                "0",
                "99999999999",
                "9223372036854775807",
                "null",
                "1e9",
                "\\u0000",
                "\"F64\"",
                "__metadata__",
                "\u00ff",
                "[[[[[[[[[[[[",
                " ");
        Arbitrary<Kind> kind = Arbitraries.of(Kind.class);
        Arbitrary<Double> where = Arbitraries.doubles().between(0, 1);
        return Combinators.combine(kind, where, text, Arbitraries.bytes())
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    enum Kind {
        REPLACE,
        INSERT,
        DELETE,
        FLIP,
        LENGTH,
        TRUNCATE
    }

    /** One change; {@code where} runs over the header from 0 to 1. */
    record Edit(Kind kind, double where, String text, byte bits) {
        byte[] apply(byte[] file, int headerEnd) {
            if (file.length <= headerEnd) {
                return file;
            }
            int at = 8 + (int) (where * (headerEnd - 9));
            byte[] insertion = text.getBytes(StandardCharsets.UTF_8);
            return switch (kind) {
                case REPLACE -> splice(file, at, Math.min(insertion.length, file.length - at), insertion);
                case INSERT -> withHeaderGrownBy(insertion.length, splice(file, at, 0, insertion));
                case DELETE -> withHeaderGrownBy(-1, splice(file, at, 1, new byte[0]));
                case FLIP -> splice(file, at, 1, new byte[] {(byte) (file[at] ^ bits)});
                case LENGTH -> splice(file, at % 8, 1, new byte[] {bits});
                case TRUNCATE -> Arrays.copyOf(file, (int) (where * file.length));
            };
        }

        private static byte[] splice(byte[] file, int at, int removed, byte[] inserted) {
            ByteBuffer out = ByteBuffer.allocate(file.length - removed + inserted.length);
            out.put(file, 0, at).put(inserted).put(file, at + removed, file.length - at - removed);
            return out.array();
        }

        private static byte[] withHeaderGrownBy(int bytes, byte[] file) {
            ByteBuffer length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            length.putLong(0, length.getLong(0) + bytes);
            return file;
        }
    }
}
