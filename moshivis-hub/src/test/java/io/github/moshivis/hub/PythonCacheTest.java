package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * One cache for Java and Python: against a fixture of the layout that {@code huggingface_hub} 2.0 leaves. {@link RealPythonTest}
 * asks the package itself.
 */
class PythonCacheTest extends WithTestHub {
    private Snapshot download(boolean offline) {
        return download(server.settings(cache).offline(offline), "owner/name");
    }

    /** What {@code snapshot_download} of version 2.0 leaves behind, with its own file list. */
    private void layOutAsPython(boolean withTree) throws IOException {
        Path models = cache.resolve("models--owner--name");
        Path snapshot = Files.createDirectories(models.resolve("snapshots/" + repo.commit));
        Files.createDirectories(models.resolve("blobs"));
        StringBuilder tree = new StringBuilder();
        for (TestRepo.TestFile file : repo.files.values()) {
            Files.write(models.resolve("blobs/" + file.etag()), file.content().bytes());
            Files.createSymbolicLink(snapshot.resolve(file.name()), Path.of("../../blobs", file.etag()));
            tree.append(tree.isEmpty() ? "" : ",\n")
                    .append(String.format(
                            "  \"%s\": {\n   \"size\": %d,\n   \"blob_id\": \"%s\"%s\n  }",
                            file.name(),
                            file.content().size(),
                            file.large() ? "1".repeat(40) : file.etag(),
                            file.large()
                                    ? ",\n   \"lfs_sha256\": \"" + file.etag() + "\",\n   \"lfs_size\": "
                                            + file.content().size()
                                    : ""));
        }
        write(models.resolve("refs/main"), repo.commit);
        write(models.resolve(".no_exist/" + repo.commit + "/config.json"), "");
        if (withTree) {
            write(
                    models.resolve("trees/" + repo.commit + ".json"),
                    "{\n \"format_version\": 1,\n \"files\": {\n" + tree + "\n }\n}");
        }
        write(cache.resolve("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
        write(
                cache.resolve(".locks/models--owner--name/"
                        + repo.files.get(TestRepo.LM).etag() + ".lock"),
                "");
        write(models.resolve("something-of-a-later-version/x"), "?");
        Files.createDirectories(cache.resolve("datasets--owner--name/snapshots"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void aCacheThatPythonFilledIsUsedWithoutARequest() throws IOException {
        for (boolean withTree : new boolean[] {true, false}) {
            CacheTree.delete(cache);
            layOutAsPython(withTree);

            assertThat(download(server.settings(cache), "owner/name@" + repo.commit)
                            .files())
                    .hasSize(4);
            assertThat(download(true).files()).hasSize(4);
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void onlineABranchCostsOneRequest() throws IOException {
        layOutAsPython(true);

        download(false);

        assertThat(server.requests).hasSize(1);
    }

    @Test
    void whatPythonsListHasAndTheSnapshotHasNotIsFetched() throws IOException {
        layOutAsPython(true);
        Files.delete(cache.resolve("models--owner--name/snapshots/" + repo.commit + "/" + TestRepo.YAML));

        assertThatThrownBy(() -> download(true))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(TestRepo.YAML);
        Snapshot snapshot = download(server.settings(cache), "owner/name@" + repo.commit);

        assertThat(snapshot.directory().resolve(TestRepo.YAML)).hasBinaryContent(repo.bytes(TestRepo.YAML));
        assertThat(server.requests(TestHub.Seen::storage)).isEmpty();
    }

    @Test
    void offlineTheFormatThatPythonFetchedIsTaken() throws IOException {
        repo.with("model.q8.safetensors", Content.random(8, 1000));
        layOutAsPython(true);
        Files.delete(cache.resolve("models--owner--name/snapshots/" + repo.commit + "/" + TestRepo.LM));

        assertThat(download(true).files()).anyMatch(file -> file.endsWith("model.q8.safetensors"));
    }

    @Test
    void aDamagedListIsNoList() throws IOException {
        layOutAsPython(true);
        write(cache.resolve("models--owner--name/trees/" + repo.commit + ".json"), "{\"format_version\": 1, \"fil");

        assertThat(download(true).files()).hasSize(4);
    }

    @Test
    void aCacheThatCannotBeWrittenToIsReadAllTheSame() throws IOException {
        layOutAsPython(true);
        Path models = cache.resolve("models--owner--name");
        assumeThat(models.toFile().setWritable(false) && !Files.isWritable(models))
                .as("a file system and a user that know read-only folders")
                .isTrue();
        try {
            assertThat(download(false).files()).hasSize(4);
        } finally {
            models.toFile().setWritable(true);
        }
    }

    @Test
    void whatWeLeaveHoldsNothingThatPythonTakesForDamage() throws IOException {
        download(false);

        assertThat(CacheTree.names(cache)).containsExactly(".locks", "models--owner--name");
        Path models = cache.resolve("models--owner--name");
        assertThat(CacheTree.names(models)).containsExactly(".moshivis", ".no_exist", "blobs", "refs", "snapshots");
        assertThat(CacheTree.files(models.resolve("refs"))).containsExactly("main");
        assertThat(Files.readAllBytes(models.resolve("refs/main"))).hasSize(40);
        assertThat(CacheTree.files(models.resolve("snapshots")))
                .allMatch(
                        file -> Files.isRegularFile(models.resolve("snapshots").resolve(file)));
    }
}
