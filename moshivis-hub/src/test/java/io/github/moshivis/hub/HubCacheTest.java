package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {
    private static final int LM_BYTES = 100_000;

    @TempDir
    Path folder;

    private Path directory;
    private TestHub server;
    private HubCache cache;
    private TestRepo first;
    private TestRepo second;

    /** Two revisions that share all but their configuration; the second one is {@code main}. */
    @BeforeEach
    void fill() throws IOException {
        directory = folder.resolve("cache");
        server = new TestHub();
        cache = HubCache.of(server.settings(directory));
        first = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), LM_BYTES));
        server.serveAs(first, "v1");
        second = server.serve(TestRepo.model("owner/name", TestRepo.commit(2), LM_BYTES)
                .with(TestRepo.YAML, Content.of("n_q: 16\n")));
        download("owner/name@v1");
        download("owner/name");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Snapshot download(String name) {
        try (Hub hub = Hub.open(server.settings(directory))) {
            return hub.download(ModelName.parse(name), Optional.empty(), ProgressListener.NONE);
        }
    }

    @Test
    void listsModelsWithTheirRevisions() throws IOException {
        Files.createDirectories(directory.resolve("datasets--a--b"));
        Files.createDirectories(directory.resolve("models--no-owner"));

        List<CachedModel> models = cache.list();

        assertThat(models).hasSize(1);
        CachedModel model = models.get(0);
        assertThat(model.model()).isEqualTo(ModelName.parse("owner/name"));
        assertThat(model.partialBytes()).isZero();
        assertThat(model.revisions())
                .extracting(CachedModel.CachedRevision::commit)
                .containsExactly(first.commit, second.commit);
        assertThat(model.revisions().get(0).references()).containsExactly("v1");
        assertThat(model.revisions().get(1).references()).containsExactly("main");
        assertThat(model.revisions().get(1).files())
                .containsExactlyInAnyOrder(TestRepo.LM, TestRepo.MIMI, TestRepo.TEXT, TestRepo.YAML);
        assertThat(model.revisions().get(1).bytes()).isEqualTo(LM_BYTES + 70_000 + 3000 + 8);
        assertThat(model.bytes()).as("shared bytes counted once").isBetween(LM_BYTES + 73_000L, LM_BYTES + 80_000L);
    }

    @Test
    void aCacheThatIsNotThereIsEmpty() {
        assertThat(HubCache.of(server.settings(folder.resolve("none"))).list()).isEmpty();
    }

    @Test
    void verifiesByHashing() {
        Recorded progress = new Recorded();

        Verification verification = cache.verify(ModelName.parse("owner/name"), progress);

        assertThat(verification.checked()).isEqualTo(8);
        assertThat(verification.problems()).isEmpty();
        assertThat(progress.ends(TestRepo.LM)).as("hashed once for both").containsExactly(ProgressListener.State.DONE);
    }

    @Test
    void tellsWhichFilesAreDamagedAndWhichAreGone() throws IOException {
        Path blobs = directory.resolve("models--owner--name/blobs");
        byte[] damaged = first.bytes(TestRepo.LM);
        damaged[50_000] ^= 1;
        Files.write(blobs.resolve(first.files.get(TestRepo.LM).etag()), damaged);
        Files.delete(blobs.resolve(second.files.get(TestRepo.YAML).etag()));

        Verification all = cache.verify(ModelName.parse("owner/name"), ProgressListener.NONE);
        Verification old = cache.verify(ModelName.parse("owner/name@v1"), ProgressListener.NONE);

        assertThat(all.checked()).isEqualTo(5);
        assertThat(all.problems())
                .extracting(Verification.Problem::file)
                .containsExactly(TestRepo.LM, TestRepo.LM, TestRepo.YAML);
        assertThat(all.problems().get(0).message())
                .contains("SHA-256", first.files.get(TestRepo.LM).etag(), "remove the revision and fetch it again");
        assertThat(all.problems().get(2).message()).contains("bytes that are gone");
        assertThat(old.problems()).hasSize(1);
    }

    @Test
    void aFileThatIsNoLinkIsVerifiedByTheList() throws IOException {
        Path pointer = directory.resolve("models--owner--name/snapshots/" + first.commit + "/" + TestRepo.MIMI);
        Files.delete(pointer);
        Files.write(pointer, new byte[70_000]);

        assertThat(cache.verify(ModelName.parse("owner/name@v1"), ProgressListener.NONE)
                        .problems())
                .extracting(Verification.Problem::file)
                .containsExactly(TestRepo.MIMI);

        Files.delete(directory.resolve("models--owner--name/.moshivis/" + first.commit + ".json"));
        assertThat(cache.verify(ModelName.parse("owner/name@v1"), ProgressListener.NONE)
                        .problems()
                        .get(0)
                        .message())
                .contains("without a record of its hash");
    }

    @Test
    void removesARevisionAndTheBytesThatNoOtherShares() throws IOException {
        Path models = directory.resolve("models--owner--name");
        Files.writeString(models.resolve("blobs/0123" + CacheLayout.PART_SUFFIX), "left by an unfinished download");

        long freed = cache.remove(ModelName.parse("owner/name@main"));

        assertThat(freed).isGreaterThan(0);
        assertThat(models.resolve("refs/main")).doesNotExist();
        assertThat(CacheTree.names(models.resolve("snapshots"))).containsExactly(first.commit);
        assertThat(CacheTree.files(models.resolve("blobs"))).hasSize(4);
        assertThat(cache.verify(ModelName.parse("owner/name"), ProgressListener.NONE)
                        .checked())
                .isEqualTo(4);
        server.requests.clear();
        assertThat(download("owner/name@" + first.commit).files()).hasSize(4);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void removesAModelAltogether() {
        long bytes = cache.list().get(0).bytes();

        assertThat(cache.remove(ModelName.parse("owner/name"))).isEqualTo(bytes);

        assertThat(cache.list()).isEmpty();
        assertThat(directory.resolve("models--owner--name")).doesNotExist();
    }

    @Test
    void theLastRevisionTakesTheModelWithIt() {
        cache.remove(ModelName.parse("owner/name@v1"));
        cache.remove(ModelName.parse("owner/name@" + second.commit));

        assertThat(directory.resolve("models--owner--name")).doesNotExist();
    }

    @Test
    void removingFollowsNoLinkOutOfTheCache() throws IOException {
        Path precious = Files.createDirectories(folder.resolve("precious"));
        Files.writeString(precious.resolve("file"), "mine");
        Files.createSymbolicLink(
                directory.resolve("models--owner--name/snapshots/" + first.commit + "/link"), precious);

        cache.remove(ModelName.parse("owner/name"));

        assertThat(precious.resolve("file")).hasContent("mine");
    }

    @Test
    void aModelThatIsNotThereIsToldWithThoseThatAre() {
        for (String name : List.of("owner/other", "owner/name@v9")) {
            assertThatThrownBy(() -> cache.remove(ModelName.parse(name)))
                    .isInstanceOf(HubException.class)
                    .hasMessageContainingAll(name, directory.toString(), "[owner/name]", "HF_HUB_CACHE");
            assertThatThrownBy(() -> cache.verify(ModelName.parse(name), ProgressListener.NONE))
                    .isInstanceOf(HubException.class);
        }
    }
}
