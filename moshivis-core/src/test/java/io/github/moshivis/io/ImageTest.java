package io.github.moshivis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.MediaException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are read as pictures. */
class ImageTest {
    @TempDir
    Path directory;

    @Test
    void aFileIsReadWhole() throws IOException {
        Path file = Files.write(directory.resolve("a.png"), new byte[] {1, 2, 3});

        assertThat(Image.read(file).encodedBytes()).contains(new byte[] {1, 2, 3});
    }

    @Test
    void whatIsTooLargeIsRefusedUnread() throws IOException {
        Path file = directory.resolve("model.safetensors");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 33);
        }
        assertRefused(file);
    }

    @Test
    void aDeviceIsNotReadToItsEnd() {
        assertRefused(Path.of("/dev/zero"));
    }

    private static void assertRefused(Path file) {
        assertThatThrownBy(() -> Image.read(file))
                .isInstanceOf(MediaException.class)
                .hasMessageContainingAll(
                        "Cannot read the picture " + file,
                        "expected at most 268435456 bytes",
                        "scale the picture down");
    }
}
