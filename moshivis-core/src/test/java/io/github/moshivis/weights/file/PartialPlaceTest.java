package io.github.moshivis.weights.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** Another process that reserves a name beside the target, and frees it again. */
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws IOException {
            PartialPlace.beside(Path.of(arguments[0])).close();
        }

        static void run(Path target) {
            try {
                Process process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Other.class.getName(),
                                target.toString())
                        .inheritIO()
                        .start();
                assertThat(process.waitFor()).isZero();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aPlaceThatIsBeingReservedIsNoLeftover() throws IOException {
        Path target = directory.resolve("model");
        AtomicInteger created = new AtomicInteger();
        Runnable others = () -> {
            if (created.incrementAndGet() == 1) {
                Other.run(target); // removes the lock file, which nobody holds yet
            }
        };
        try (PartialPlace place = PartialPlace.beside(target, others)) {
            assertThat(created).as("reserved anew").hasValue(2);
            Files.createDirectory(place.path());
            PartialPlace.beside(target).close(); // a second one of this process takes nothing away from the first
            Other.run(target);
            assertThat(place.path()).exists();
            assertThat(place.path().resolveSibling(place.path().getFileName() + ".lock"))
                    .exists();
            Files.delete(place.path());
        }
        assertThat(directory).isEmptyDirectory();
    }
}
