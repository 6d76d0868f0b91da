package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the cache are whole or absent, and hold what the jar holds. */
class UserCacheTest {
    private static final byte[] CONTENT = new byte[100_000];
    private static final String HASH = UserCache.sha256(CONTENT);

    @TempDir
    Path cache;

    @Test
    void aWholeFileIsNotWrittenAgainAndADamagedOneIs() throws IOException {
        Path file = cache.resolve("a/b.bin");
        UserCache.put(file, HASH, () -> new ByteArrayInputStream(CONTENT));
        UserCache.put(file, HASH, () -> {
            throw new IOException("the jar is read again");
        });
        Files.write(file, new byte[] {1});
        UserCache.put(file, HASH, () -> new ByteArrayInputStream(CONTENT));

        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void whatIsBrokenOffLeavesNoFile() throws IOException {
        Path file = cache.resolve("b.bin");
        InputStream cut = new InputStream() {
            private int left = CONTENT.length / 2;

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("killed");
                }
                return 0;
            }
        };
        assertThat(catchThrowable(() -> UserCache.put(file, HASH, () -> cut))).hasMessage("killed");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void aDamagedJarIsSaid() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> UserCache.put(cache.resolve("b.bin"), HASH, () -> new ByteArrayInputStream(new byte[3])))
                .withMessageContainingAll("b.bin", HASH, "jar is damaged");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void manyMayUnpackAtOnce() throws Exception {
        Path file = cache.resolve("c.bin");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> put = () -> {
                UserCache.put(file, HASH, () -> new ByteArrayInputStream(CONTENT));
                assertThat(file).hasBinaryContent(CONTENT);
                return null;
            };
            List<Future<Void>> all =
                    threads.invokeAll(IntStream.range(0, 16).mapToObj(i -> put).toList());
            for (Future<Void> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(cache).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aFolderThatCannotBeWrittenGivesWayToATemporaryOne() throws IOException {
        Path blocked = Files.createFile(cache.resolve("no-folder"));
        String before = System.setProperty(UserCache.PROPERTY, blocked.toString());
        try {
            Path file = UserCache.unpack(root -> {
                UserCache.put(root.resolve("d.bin"), HASH, () -> new ByteArrayInputStream(CONTENT));
                return root.resolve("d.bin");
            });
            assertThat(file).hasBinaryContent(CONTENT);
        } finally {
            if (before == null) {
                System.clearProperty(UserCache.PROPERTY);
            } else {
                System.setProperty(UserCache.PROPERTY, before);
            }
        }
    }
}
