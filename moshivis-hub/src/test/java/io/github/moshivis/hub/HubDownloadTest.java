package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is fetched, once, and what it leaves behind. */
class HubDownloadTest extends WithTestHub {
    @Test
    void fetchesWhatAModelNeedsAndNothingElse() throws IOException {
        Snapshot snapshot = download("owner/name");

        assertThat(snapshot.commit()).isEqualTo(repo.commit);
        assertThat(snapshot.files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(TestRepo.YAML, TestRepo.TEXT, TestRepo.MIMI, TestRepo.LM);
        for (Path file : snapshot.files()) {
            assertThat(file).hasBinaryContent(repo.bytes(file.getFileName().toString()));
        }
        assertThat(snapshot.directory()).isDirectoryNotContaining("glob:**README.md");
    }

    @Test
    void leavesTheLayoutOfPythonsCache() throws IOException {
        download("owner/name");

        Path folder = cache.resolve("models--owner--name");
        assertThat(folder.resolve("refs/main")).hasContent(repo.commit);
        assertThat(folder.resolve(".no_exist/" + repo.commit + "/config.json")).isEmptyFile();
        String etag = repo.files.get(TestRepo.LM).etag();
        Path pointer = folder.resolve("snapshots/" + repo.commit + "/" + TestRepo.LM);
        assertThat(pointer).isSymbolicLink();
        assertThat(Files.readSymbolicLink(pointer)).isEqualTo(Path.of("../../blobs", etag));
        assertThat(CacheTree.files(folder.resolve("blobs")))
                .as("complete files only")
                .hasSize(4)
                .allMatch(name -> name.matches("[0-9a-f]{40}|[0-9a-f]{64}"));
    }

    @Test
    void fetchesALargeFileInParallelRangesEachOnce() {
        download("owner/name");

        List<TestHub.Seen> ranges = server.requests(TestHub.storageOf(TestRepo.LM));
        assertThat(ranges)
                .extracting(seen -> seen.header("Range").orElseThrow())
                .containsExactlyInAnyOrder(
                        "bytes=0-65535",
                        "bytes=65536-131071",
                        "bytes=131072-196607",
                        "bytes=196608-262143",
                        "bytes=262144-300000");
        assertThat(ranges)
                .allMatch(seen -> seen.header("Accept-Encoding").orElse("").equals("identity"));
    }

    @Test
    void asksOnlyForTheCommitWhenAllIsThere() {
        download("owner/name");
        server.requests.clear();

        download("owner/name");

        assertThat(server.requests).hasSize(1);
        assertThat(server.requests.get(0).path()).isEqualTo("/api/models/owner/name/revision/main");
    }

    @Test
    void asksNothingForACommitThatIsThere() {
        Snapshot first = download("owner/name");
        server.requests.clear();

        Snapshot second = download("owner/name@" + repo.commit);

        assertThat(second).isEqualTo(first);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void fetchesOnlyWhatIsMissing() throws IOException {
        Snapshot snapshot = download("owner/name");
        Files.delete(snapshot.directory().resolve(TestRepo.MIMI));
        Files.delete(cache.resolve("models--owner--name/blobs")
                .resolve(repo.files.get(TestRepo.MIMI).etag()));
        server.bytesSent.set(0);

        download("owner/name@" + repo.commit);

        assertThat(snapshot.directory().resolve(TestRepo.MIMI)).hasBinaryContent(repo.bytes(TestRepo.MIMI));
        assertThat(server.requests(TestHub.storageOf(TestRepo.LM)))
                .as("requests of the first download")
                .hasSize(5);
    }

    @Test
    void twoRevisionsShareTheBytesThatAreTheSame() throws IOException {
        download("owner/name");
        TestRepo next =
                TestRepo.model("owner/name", TestRepo.commit(2), LM_BYTES).with(TestRepo.YAML, Content.of("n_q: 16\n"));
        server.serve(next);
        server.requests.clear();

        Snapshot snapshot = download("owner/name");

        assertThat(snapshot.commit()).isEqualTo(next.commit);
        assertThat(snapshot.directory().resolve(TestRepo.YAML)).hasContent("n_q: 16\n");
        assertThat(server.requests(TestHub.Seen::storage)).isEmpty();
        assertThat(cache.resolve("models--owner--name/refs/main")).hasContent(next.commit);
    }

    @Test
    void aRevisionMayBeABranchWithASlash() {
        server.serveAs(repo, "refs/pr/1");

        Snapshot snapshot = download("owner/name@refs/pr/1");

        assertThat(snapshot.commit()).isEqualTo(repo.commit);
        assertThat(cache.resolve("models--owner--name/refs/refs/pr/1")).hasContent(repo.commit);
    }

    @Test
    void allFilesAreOfTheCommitThatWasResolvedFirst() {
        TestRepo next = TestRepo.model("owner/name", TestRepo.commit(2), LM_BYTES)
                .with(TestRepo.LM, Content.random(99, LM_BYTES));
        server.misbehave(seen -> seen.method().equals("HEAD"), 1, answer -> server.serve(next));

        Snapshot snapshot = download("owner/name");

        assertThat(snapshot.commit()).isEqualTo(repo.commit);
        assertThat(snapshot.directory().resolve(TestRepo.LM)).hasBinaryContent(repo.bytes(TestRepo.LM));
    }

    @Test
    void fetchesTheShardsThatTheIndexNames() {
        repo.without(TestRepo.LM)
                .with(
                        "model.safetensors.index.json",
                        Content.of(
                                """
                        {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors",
                                        "c": "model-00001-of-00002.safetensors"}}"""))
                .with("model-00001-of-00002.safetensors", Content.random(5, 100_000))
                .with("model-00002-of-00002.safetensors", Content.random(6, 90_000));

        Snapshot snapshot = download("owner/name");
        server.requests.clear();

        assertThat(snapshot.files())
                .extracting(file -> file.getFileName().toString())
                .endsWith(
                        "model.safetensors.index.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors");
        assertThat(download("owner/name@" + repo.commit)).isEqualTo(snapshot);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aChosenFormatIsFetchedBesideAnotherThatIsThere() {
        repo.with("model.q8.safetensors", Content.random(7, 50_000));
        Snapshot best = download("owner/name");
        assertThat(best.files()).noneMatch(file -> file.endsWith("model.q8.safetensors"));

        Snapshot q8 = download(server.settings(cache), "owner/name@" + repo.commit, Optional.of(ModelFormat.MLX_Q8));

        assertThat(q8.files()).anyMatch(file -> file.endsWith("model.q8.safetensors"));
        assertThat(q8.files()).noneMatch(file -> file.endsWith(TestRepo.LM));
    }

    @Test
    void anEmptyFileIsAFile() {
        repo.with("empty.yaml", Content.of(""));

        Snapshot snapshot = download("owner/name");

        assertThat(snapshot.directory().resolve("empty.yaml")).isEmptyFile();
    }

    @Test
    void withoutSymbolicLinksTheSnapshotHoldsFiles() {
        var environment = new java.util.HashMap<>(server.environment(cache));
        environment.put("HF_HUB_DISABLE_SYMLINKS", "1");
        HubSettings settings = HubSettings.fromEnvironment(environment).transfer(TestHub.quick());

        Snapshot snapshot = download(settings, "owner/name", Optional.empty());
        server.requests.clear();

        Path lm = snapshot.directory().resolve(TestRepo.LM);
        assertThat(Files.isSymbolicLink(lm)).isFalse();
        assertThat(lm).hasBinaryContent(repo.bytes(TestRepo.LM));
        assertThat(download(settings, "owner/name@" + repo.commit, Optional.empty()))
                .isEqualTo(snapshot);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aFileThatNoDiskHoldsIsRefusedBeforeItsFirstByte() {
        server.misbehave(
                seen -> seen.method().equals("HEAD") && seen.path().endsWith(TestRepo.LM),
                9,
                answer -> answer.header("X-Linked-Size", "900000000000000000"));

        assertThatThrownBy(() -> download("owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("free in " + cache, "TiB", "make room", "HF_HUB_CACHE");
        assertThat(server.requests(TestHub.Seen::storage)).isEmpty();
    }

    @Test
    void aCacheThatCannotBeWrittenToIsNamed() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));

        assertThatThrownBy(() -> download(server.settings(file), "owner/name", Optional.empty()))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("Cannot read or write", file.toString(), "HF_HUB_CACHE");
    }

    @Test
    void aClosedHubDownloadsNothing() {
        Hub hub = Hub.open(server.settings(cache));
        hub.close();
        hub.close();

        assertThatThrownBy(() -> hub.download(repo.model(), Optional.empty(), progress))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("owner/name", "closed", "open another");
    }
}
