package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.names.LanguageModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a GGUF file says, and what it may not say. */
class GgufFileTest {
    private static final int F32 = 0;
    private static final int Q8_0 = 8;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void readsMetadataAndTensors(int version) throws IOException {
        Path path = GgufBytes.header(version, 2, 6)
                .text("general.alignment")
                .int32(4)
                .int32(64)
                .text("name")
                .int32(8)
                .text("tiny")
                .text("flag")
                .int32(7)
                .raw((byte) 1)
                .text("half")
                .int32(6)
                .int32(Float.floatToIntBits(0.5f))
                .text("words")
                .int32(9)
                .int32(8)
                .int64(2)
                .text("a")
                .text("bc")
                .text("nested")
                .int32(9)
                .int32(9)
                .int64(1)
                .int32(0)
                .int64(3)
                .raw((byte) 1, (byte) 2, (byte) 3)
                .tensor("late", F32, 64, 3, 2)
                .tensor("early", Q8_0, 0, 32)
                .align(64)
                .raw(new byte[64])
                .raw(new byte[24])
                .write(directory);
        try (TensorFile file = TensorFiles.open(path)) {
            assertThat(file.metadata())
                    .containsExactly(
                            entry("general.alignment", "64"),
                            entry("name", "tiny"),
                            entry("flag", "true"),
                            entry("half", "0.5"),
                            entry("words", "array of 2"),
                            entry("nested", "array of 1"));
            StoredTensor late = file.tensors().get("late");
            assertThat(late.shape()).as("outermost first").containsExactly(2L, 3L);
            assertThat(late.offset() % 64).isZero();
            assertThat(file.tensors()).containsOnlyKeys("late", "early");
            assertThat(file.bytes("early").length()).isEqualTo(34);
            assertThat(file.bytes("late").slice().remaining()).isEqualTo(24);
        }
    }

    private void refuses(GgufBytes bytes, String... words) throws IOException {
        Path path = bytes.write(directory);
        assertThatThrownBy(() -> GgufFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(path.toString(), "found", "expected", "again")
                .hasMessageContainingAll(words);
    }

    private static GgufBytes header(long tensors, long entries) {
        return GgufBytes.header(3, tensors, entries);
    }

    @Test
    void refusesOtherFiles() throws IOException {
        refuses(new GgufBytes().raw("PNG.....................").int64(0), "magic number", "GGUF");
        refuses(new GgufBytes(), "magic number", "0 bytes left", "truncated");
        refuses(GgufBytes.header(1, 0, 0), "version", "1", "2 or 3");
        refuses(GgufBytes.header(Integer.reverseBytes(3), 0, 0), "big-endian", "little-endian");
    }

    @Test
    void refusesCountsThatTheFileCannotHold() throws IOException {
        refuses(header(1L << 60, 0), "number of tensors", "" + (1L << 60));
        refuses(header(-1, 0), "number of tensors", "18446744073709551615");
        refuses(header(0, Long.MAX_VALUE), "number of metadata entries", "" + Long.MAX_VALUE);
        refuses(header(200_000, 0).raw(new byte[24 * 200_000]), "number of tensors", "at most 100000");
    }

    @Test
    void refusesTextBeyondTheFile() throws IOException {
        refuses(header(0, 1).int64(1L << 40).raw(new byte[40]), "key of metadata entry 0", "" + (1L << 40));
        refuses(header(0, 1).text("key").int32(8).int64(-1).raw(new byte[9]), "'key'", "18446744073709551615");
        refuses(header(1, 0).int64(1000).raw(new byte[40]), "name of tensor 0", "1000");
        refuses(header(0, 1).int64(2).raw((byte) 0xC3, (byte) 0x28).raw(new byte[20]), "UTF-8");
    }

    @Test
    void refusesBadMetadata() throws IOException {
        refuses(header(0, 1).text("key").int32(13).int64(0), "'key'", "13");
        refuses(header(0, 1).text("key").int32(9).int32(10).int64(1L << 61).int64(0), "'key'", "length");
        refuses(header(0, 2).text("key").int32(5).int32(1).text("key").int32(5).int32(1), "'key'", "twice");
        refuses(header(0, 1).text("general.alignment").int32(4).int32(0), "general.alignment", "0", "multiple of 8");
        refuses(header(0, 1).text("general.alignment").int32(4).int32(12), "general.alignment", "12");
        GgufBytes nested = header(0, 1).text("key").int32(9);
        for (int i = 0; i < 9; i++) {
            nested.int32(9).int64(1);
        }
        refuses(nested.raw(new byte[32]), "'key'", "arrays inside each other");
    }

    @Test
    void refusesBadTensors() throws IOException {
        refuses(header(1, 0).tensor("x", 16, 0, 32), "'x'", "ggml type 16", "Q8_0");
        refuses(header(1, 0).tensor("x", -1, 0, 32), "'x'", "ggml type 4294967295");
        refuses(header(1, 0).tensor("x", F32, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1), "'x'", "number of dimensions", "9");
        refuses(header(1, 0).tensor("x", F32, 0, -1), "'x'", "negative");
        refuses(header(1, 0).tensor("x", F32, 0, 1L << 31, 1L << 31, 1L << 31), "'x'", "63 bits");
        refuses(header(1, 0).tensor("x", Q8_0, 0, 33), "'x'", "[33]", "blocks of 32");
        refuses(header(1, 0).tensor("x", F32, 4, 1).align(32).raw(new byte[64]), "'x'", "offset 4", "alignment, 32");
        refuses(header(1, 0).tensor("x", F32, -32, 1).align(32).raw(new byte[64]), "'x'", "offset");
        refuses(header(1, 0).tensor("x", F32, 0, 1L << 40).align(32).raw(new byte[64]), "'x'", "truncated");
        refuses(
                header(2, 0)
                        .tensor("x", F32, 0, 1)
                        .tensor("x", F32, 32, 1)
                        .align(32)
                        .raw(new byte[64]),
                "'x'",
                "twice");
        refuses(
                header(2, 0)
                        .tensor("x", F32, 0, 16)
                        .tensor("y", F32, 32, 1)
                        .align(32)
                        .raw(new byte[64]),
                "'y'",
                "overlaps");
    }

    @Test
    void refusesATruncatedFileAndNamesTheTensor() throws IOException {
        Path real = Golden.path("formats/"
                + Golden.json("formats/config.json")
                        .get("files")
                        .get("candle-q8")
                        .asText());
        byte[] whole = Files.readAllBytes(real);
        for (int length : new int[] {3, 20, 1000, whole.length / 2, whole.length - 1}) {
            Path cut = Files.write(directory.resolve("cut.gguf"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> GgufFile.open(cut))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll(cut.toString(), "found", "expected");
        }
        Path cut = Files.write(directory.resolve("cut.gguf"), Arrays.copyOf(whole, whole.length - 40));
        assertThatThrownBy(() -> TensorFiles.open(cut)).hasMessageContainingAll("tensor '", "truncated");
    }

    @Test
    void theImagePartIsTakenFromItsFileIfThatIsThere() throws IOException {
        Path real = Golden.path("formats/"
                + Golden.json("formats/config.json")
                        .get("files")
                        .get("candle-q8")
                        .asText());
        Path alone = Files.copy(real, directory.resolve("mine.q8_0.gguf"));
        Path imagePart = directory.resolve("mine_vision_tower_unquant.safetensors");
        assertThat(LanguageModelFiles.imagePart(alone)).isEqualTo(imagePart);
        try (TensorFile file = LanguageModelFiles.open(alone)) {
            assertThat(file.tensors()).containsKey("text_emb.weight").doesNotContainKey("image_prefix.proj_xa.weight");
        }
        Files.copy(
                Golden.path("formats/"
                        + Golden.json("formats/config.json")
                                .get("files")
                                .get("candle-q8-vision")
                                .asText()),
                imagePart);
        try (TensorFile file = LanguageModelFiles.open(alone)) {
            assertThat(file.tensors()).containsKeys("image_prefix.proj_xa.weight", "text_emb.weight");
            assertThat(List.of(file.bytes("image_prefix.proj_xa.weight").length()))
                    .isNotEmpty();
        }
    }
}
