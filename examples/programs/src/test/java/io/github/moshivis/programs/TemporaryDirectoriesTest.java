package io.github.moshivis.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Directories that end with the program. */
class TemporaryDirectoriesTest {
    @Test
    void allThatTheyHoldIsDeletedAndLaterOnesToo() throws IOException {
        for (int round = 0; round < 2; round++) {
            Path directory = TemporaryDirectories.create("moshivis-test-");
            Files.writeString(Files.createDirectories(directory.resolve("a/b")).resolve("c"), "c");

            TemporaryDirectories.delete();

            assertThat(directory).doesNotExist();
            TemporaryDirectories.delete();
        }
    }
}
