package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Causes of natives that do not load: the directory to which they are unpacked, or the natives themselves. */
class NativeCacheTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    UnsatisfiedLinkError: /c/libtorch.so: failed to map segment from shared object: Operation not permitted | noexec
                    IOException: /c/libtorch.so: Read-only file system | read-only
                    IOException: No space left on device | without space
                    UnsatisfiedLinkError: /c/libtorch.so: file too short | a part is missing
                    IOException: Could not create the cache: Set the property | cannot be written
                    """)
    void aDirectoryThatCannotBeUsedIsNamed(String message, String meaning) {
        assertThat(CacheProblem.advice(message)).hasValueSatisfying(advice -> assertThat(advice)
                .contains(meaning, "unpacked to ", "-Dorg.bytedeco.javacpp.cachedir=")
                .doesNotContain("moshivis-natives"));
    }

    @Test
    void missingNativesAreAnotherCause() {
        assertThat(CacheProblem.advice("UnsatisfiedLinkError: no jnitorch in java.library.path"))
                .isEmpty();
    }

    @Test
    void aLibraryWithoutItsNeighborOnAFullFileSystem() throws IOException {
        String message = "UnsatisfiedLinkError: " + Loader.getCacheDir()
                + "/libjnitorch.so: libtorch.so: cannot open shared object file: No such file or directory";
        assertThat(CacheProblem.advice(message, 1_000_000)).hasValueSatisfying(advice -> assertThat(advice)
                .contains("without space", "-Dorg.bytedeco.javacpp.cachedir="));
        assertThat(CacheProblem.advice(message, Long.MAX_VALUE))
                .as("a library that is not among the natives, such as CUDA's")
                .isEmpty();
    }
}
