package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process left is removed by the next one, and what a living one writes is not. */
class PartialPlaceTest {
    private static final String NAME = ".model.01234567-89ab-cdef-0123-456789abcdef.partial";

    @TempDir
    Path directory;

    @Test
    void whatAKilledProcessLeftIsRemoved() throws IOException {
        Path left = Files.createDirectories(directory.resolve(NAME));
        Files.writeString(left.resolve("model.safetensors"), "half");
        Files.createFile(directory.resolve(NAME + ".lock"));
        Path others = Files.createDirectories(directory.resolve(NAME.replace(".model", ".other")));

        try (PartialPlace place = PartialPlace.beside(directory.resolve("model"))) {
            assertThat(left).doesNotExist();
            assertThat(directory.resolve(NAME + ".lock")).doesNotExist();
            assertThat(others).exists();
            assertThat(place.path()).doesNotExist();
        }
        assertThat(directory).isDirectoryNotContaining("glob:**.lock");
    }

    @Test
    void whatIsBeingWrittenStays() throws IOException {
        Path target = directory.resolve("model");
        try (PartialPlace first = PartialPlace.beside(target)) {
            Files.createDirectory(first.path());
            try (PartialPlace second = PartialPlace.beside(target)) {
                assertThat(first.path()).exists();
                assertThat(second.path()).isNotEqualTo(first.path());
            }
        }
    }
}
