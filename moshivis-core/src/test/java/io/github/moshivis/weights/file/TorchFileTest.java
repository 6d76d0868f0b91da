package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
    private static final Path VOICES =
            Path.of(System.getProperty("golden.dir")).resolve("personaplex").resolve("voices");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"TINY0.pt, BF16", "TINY0_f32.pt, F32"})
    void aVoicePromptHoldsWhatTheReferenceSaved(String name, StoredType type) {
        Map<String, TorchFile.Tensor> tensors = TorchFile.read(VOICES.resolve(name));
        try (TensorFile expected = SafetensorsFile.open(VOICES.resolveSibling("expected_voice.safetensors"))) {
            String embeddings = type == StoredType.F32 ? "embeddings_f32" : "embeddings_bf16";

            assertThat(tensors).containsOnlyKeys("embeddings", "cache");
            assertThat(tensors.get("embeddings").type()).isEqualTo(type);
            assertThat(tensors.get("embeddings").elements()).isEqualTo(elements(expected, embeddings));
            assertThat(tensors.get("cache").type()).isEqualTo(StoredType.I64);
            assertThat(tensors.get("cache").shape()).containsExactly(1L, 17L, 4L);
            assertThat(tensors.get("cache").elements()).isEqualTo(elements(expected, "cache"));
        }
    }

    private static ByteBuffer elements(TensorFile file, String name) {
        return file.bytes(name).slice();
    }

    @Test
    void sizesOfTheReleasedModelAreRead() throws IOException {
        Map<String, TorchPickle.Tensor> tensors =
                TorchPickle.read(Files.readAllBytes(VOICES.resolve("released_size_data.pkl")));

        assertThat(tensors.get("embeddings"))
                .isEqualTo(new TorchPickle.Tensor(StoredType.BF16, "0", 204_800, Shape.of(50, 1, 1, 4096)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cos\nsystem\n", "c__builtin__\neval\n"})
    void nothingOfAPickleIsCalled(String global) {
        byte[] hostile = ("\u0080\u0002" + global + "X\u0004\0\0\0true\u0085R.").getBytes(StandardCharsets.ISO_8859_1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TorchPickle.read(hostile))
                .withMessageContainingAll("a call of", global.split("\n")[1], "at byte");
    }

    @Test
    void otherOpcodesAreRefusedByNameAndPosition() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TorchPickle.read(new byte[] {(byte) 0x80, 2, (byte) 0x81}))
                .withMessage("the pickle has the opcode 0x81 at byte 2");
    }

    @Test
    void randomDamageIsRefusedOrHarmless() throws IOException {
        byte[] pickle = Files.readAllBytes(VOICES.resolve("released_size_data.pkl"));
        Random random = new Random(20261129);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = pickle.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                TorchPickle.read(damaged);
            } catch (IllegalArgumentException expected) {
                assertThat(expected).hasMessageContaining("the pickle");
            }
        }
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        Path bomb = directory.resolve("bomb.pt");
        try (OutputStream out = Files.newOutputStream(bomb);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("bomb/data.pkl"));
            zip.write(new byte[10 << 20]);
        }

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> TorchFile.read(bomb))
                .withMessageContainingAll("bomb.pt", "more than 65536 bytes", "fetch the file again");
    }

    @Test
    void aFileThatIsNoZipIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("voice.pt"), "hello");

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> TorchFile.read(file))
                .withMessageContainingAll("voice.pt", "torch.save");
    }
}
