package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.hub.Content;
import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.hub.TestHub;
import io.github.moshivis.hub.TestRepo;
import io.github.moshivis.server.http.Page;
import io.github.moshivis.server.http.ReferencePage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference's page from a hub, in archives as they should be and as they should not. */
class ReferencePageTest {
    @TempDir
    Path cache;

    private TestHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new TestHub();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Page fetch(byte[] archive) throws IOException {
        Path file = Files.write(cache.resolve("archive"), archive);
        hub.serve(new TestRepo("kyutai/moshi-artifacts", TestRepo.commit(3)).with("vis_dist.tgz", Content.of(file)));
        return ReferencePage.fetch(HubSettings.fromEnvironment(hub.environment(cache.resolve("hub"))));
    }

    private interface Entries {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private static byte[] archive(Entries entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
            entries.write(tar);
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String to, byte kind) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(to);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    @Test
    void isShownAndToldThatThisServerIsTheOneToTalkWith() throws Exception {
        Page page = fetch(archive(tar -> {
            file(tar, "dist/index.html", "<p>the reference</p>");
            file(tar, "dist/assets/decoder.js", "let x;");
        }));
        assertThat(page.address()).isEqualTo("/?worker_addr=same");

        try (TestServer server = new TestServer()) {
            server.page = page;
            server.loading = () -> {
                throw new IllegalStateException("never loaded");
            };
            assertThatThrownBy(server::start).hasMessage("never loaded");
            assertThat(server.get("/").body()).contains("the reference");
            assertThat(server.get("/?worker_addr=same").body()).contains("the reference");
            assertThat(server.get("/assets/decoder.js").body()).contains("let x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.html", "dist/../../evil.html", "/evil.html"})
    void aNameThatLeadsOutsideIsRefused(String name) throws IOException {
        byte[] archive = archive(tar -> file(tar, name, "evil"));
        assertThatThrownBy(() -> fetch(archive))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("evil.html", "outside");
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_FIFO, TarConstants.LF_CHR})
    void anythingButFilesAndDirectoriesIsRefused(byte kind) throws IOException {
        byte[] archive = archive(tar -> link(tar, "dist/passwords", "/etc/passwd", kind));
        assertThatThrownBy(() -> fetch(archive)).hasMessageContainingAll("passwords", "neither a file nor a directory");
    }

    @Test
    void aBombIsRefused() throws IOException {
        byte[] archive = archive(tar -> {
            String much = "0".repeat(1 << 20);
            TarArchiveEntry entry = new TarArchiveEntry("dist/index.html");
            entry.setSize(300L << 20);
            tar.putArchiveEntry(entry);
            for (int i = 0; i < 300; i++) {
                tar.write(much.getBytes(StandardCharsets.US_ASCII));
            }
            tar.closeArchiveEntry();
        });
        assertThat(archive.length).isLessThan(2 << 20);
        assertThatThrownBy(() -> fetch(archive)).hasMessageContaining("more than 268435456 bytes");
    }

    @Test
    void tooManyFilesAreRefused() throws IOException {
        byte[] archive = archive(tar -> {
            for (int i = 0; i < 5_001; i++) {
                file(tar, "dist/" + i, "");
            }
        });
        assertThatThrownBy(() -> fetch(archive)).hasMessageContaining("more than 5000 files");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        assertThatThrownBy(() -> fetch("hello".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot unpack");
    }

    @Test
    void anArchiveWithoutAPageIsRefused() {
        Map<String, String> files = Map.of("a.txt", "a", "b.txt", "b");
        assertThatThrownBy(() -> fetch(archive(tar -> {
                    for (Map.Entry<String, String> file : files.entrySet()) {
                        file(tar, file.getKey(), file.getValue());
                    }
                })))
                .hasMessageContaining("index.html");
    }
}
