package io.github.moshivis.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where converted files go: all of them, or none. */
class OutputPlaceTest {
    @TempDir
    Path scratch;

    private OutputPlace place() {
        return OutputPlace.of(scratch.resolve("out"), "model.safetensors");
    }

    @Test
    void aDirectoryIsThereWhenAllFilesAre() {
        List<Path> files = place().fill(10, staging -> {
            Files.writeString(staging.resolve("model.safetensors"), "weights");
            Files.writeString(staging.resolve("other"), "text");
            assertThat(scratch.resolve("out")).doesNotExist();
        });
        assertThat(files)
                .as("the language model last")
                .containsExactly(scratch.resolve("out/other"), scratch.resolve("out/model.safetensors"));
        assertThat(scratch).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void whenWritingFailsNothingIsLeft() {
        assertThatThrownBy(() -> place().fill(10, staging -> {
                    Files.writeString(staging.resolve("other"), "text");
                    throw new IOException("disk on fire");
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("out", "disk on fire", "writable directory", "Free space")
                .hasCauseInstanceOf(IOException.class);
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void tooLittleSpaceIsSaidBeforehand() {
        assertThatThrownBy(() -> place().fill(Long.MAX_VALUE, staging -> {
                    throw new AssertionError("nothing should be written");
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(
                        "bytes free", "expected " + Long.MAX_VALUE, "Free space or choose another place");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aFileIsReplacedByForceOnlyAndOthersStay() throws IOException {
        OutputPlace file = OutputPlace.of(scratch.resolve("m.safetensors"), "model.safetensors");
        Files.writeString(scratch.resolve("m.safetensors"), "old");
        Files.writeString(scratch.resolve("n.safetensors"), "other");
        assertThatThrownBy(() -> file.checkFree(List.of(), List.of("m.safetensors"), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("m.safetensors", "it exists", "expected nothing there", "--force");
        file.checkFree(List.of(), List.of("m.safetensors"), true);
        file.fill(3, staging -> Files.writeString(staging.resolve("m.safetensors"), "new"));
        assertThat(scratch.resolve("m.safetensors")).hasContent("new");
        assertThat(scratch.resolve("n.safetensors")).hasContent("other");
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsRefused() throws IOException {
        Files.writeString(scratch.resolve("out"), "a file");
        assertThatThrownBy(() -> place().checkFree(List.of(), List.of("model.safetensors"), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("found a file", "expected a directory");
    }
}
