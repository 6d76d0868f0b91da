package io.github.moshivis.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library that is missing or damaged is a reason, not a crash; its copy is the jar's, whatever was in its place. */
class KernelLibraryTest {
    @TempDir
    private Path cache;

    @Test
    void aMissingLibraryIsAReason() {
        ClassLoader jar = new ClassLoader(null) {};
        assertThat(KernelLibrary.load(jar)).hasValueSatisfying(reason -> assertThat(reason)
                .contains("META-INF/native/" + KernelLibrary.platform())
                .contains("C++ compiler"));
    }

    @Test
    void aDamagedLibraryIsAReason() {
        ClassLoader jar = new ClassLoader(null) {
            @Override
            public InputStream getResourceAsStream(String name) {
                return new ByteArrayInputStream("no library".getBytes());
            }
        };
        assertThat(KernelLibrary.load(jar))
                .hasValueSatisfying(reason -> assertThat(reason).contains("cannot be loaded"));
    }

    @Test
    void aDamagedCopyIsReplaced() throws IOException {
        byte[] library = {1, 2, 3, 4};
        Path copy = KernelLibrary.copy(library, cache);
        Files.write(copy, new byte[] {1, 2});
        assertThat(KernelLibrary.copy(library, cache)).isEqualTo(copy).hasBinaryContent(library);
        assertThat(copy.getParent()).isDirectoryContaining(file -> file.equals(copy));
        try (var files = Files.list(copy.getParent())) {
            assertThat(files).containsExactly(copy);
        }
    }

    @Test
    void otherLibrariesHaveOtherFolders() throws IOException {
        Path first = KernelLibrary.copy(new byte[] {1}, cache);
        Path second = KernelLibrary.copy(new byte[] {2}, cache);
        assertThat(first).isNotEqualTo(second).hasBinaryContent(new byte[] {1});
    }

    @Test
    void theFolderIsTheUsersAlone() throws IOException {
        assumeTrue(cache.getFileSystem().supportedFileAttributeViews().contains("posix"), "no such permissions here");
        Path copy = KernelLibrary.copy(new byte[] {1}, cache);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.getParent())))
                .isEqualTo("rwx------");
    }
}
