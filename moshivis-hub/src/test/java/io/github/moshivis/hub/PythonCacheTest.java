package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One cache for Java and Python: against a fixture of the layout that {@code huggingface_hub} 2.0 leaves, and against the package
 * itself where a Python that has it is found ({@code -Dpython=PATH}, by default {@code python3}).
 */
class PythonCacheTest {
    @TempDir
    Path folder;

    private Path cache;
    private TestHub server;
    private TestRepo repo;

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("cache");
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), 200_000));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Snapshot download(String name, boolean offline) {
        try (Hub hub = Hub.open(server.settings(cache).withOffline(offline))) {
            return hub.download(ModelName.parse(name), Optional.empty(), ProgressListener.NONE);
        }
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

            assertThat(download("owner/name@" + repo.commit, false).files()).hasSize(4);
            assertThat(download("owner/name", true).files()).hasSize(4);
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void onlineABranchCostsOneRequest() throws IOException {
        layOutAsPython(true);

        download("owner/name", false);

        assertThat(server.requests).hasSize(1);
    }

    @Test
    void whatPythonsListHasAndTheSnapshotHasNotIsFetched() throws IOException {
        layOutAsPython(true);
        Files.delete(cache.resolve("models--owner--name/snapshots/" + repo.commit + "/" + TestRepo.YAML));

        assertThatThrownBy(() -> download("owner/name", true))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(TestRepo.YAML);
        Snapshot snapshot = download("owner/name@" + repo.commit, false);

        assertThat(snapshot.directory().resolve(TestRepo.YAML)).hasBinaryContent(repo.bytes(TestRepo.YAML));
        assertThat(server.requests(TestHub.Seen::storage)).isEmpty();
    }

    @Test
    void offlineTheFormatThatPythonFetchedIsTaken() throws IOException {
        repo.with("model.q8.safetensors", Content.random(8, 1000));
        layOutAsPython(true);
        Files.delete(cache.resolve("models--owner--name/snapshots/" + repo.commit + "/" + TestRepo.LM));

        assertThat(download("owner/name", true).files()).anyMatch(file -> file.endsWith("model.q8.safetensors"));
    }

    @Test
    void aDamagedListIsNoList() throws IOException {
        layOutAsPython(true);
        write(cache.resolve("models--owner--name/trees/" + repo.commit + ".json"), "{\"format_version\": 1, \"fil");

        assertThat(download("owner/name", true).files()).hasSize(4);
    }

    @Test
    void aCacheThatCannotBeWrittenToIsReadAllTheSame() throws IOException {
        layOutAsPython(true);
        Path models = cache.resolve("models--owner--name");
        assumeThat(models.toFile().setWritable(false) && !Files.isWritable(models))
                .as("a file system and a user that know read-only folders")
                .isTrue();
        try {
            assertThat(download("owner/name", false).files()).hasSize(4);
        } finally {
            models.toFile().setWritable(true);
        }
    }

    @Test
    void whatWeLeaveHoldsNothingThatPythonTakesForDamage() throws IOException {
        download("owner/name", false);

        assertThat(CacheTree.names(cache)).containsExactly(".locks", "models--owner--name");
        Path models = cache.resolve("models--owner--name");
        assertThat(CacheTree.names(models)).containsExactly(".moshivis", ".no_exist", "blobs", "refs", "snapshots");
        assertThat(CacheTree.files(models.resolve("refs"))).containsExactly("main");
        assertThat(Files.readAllBytes(models.resolve("refs/main"))).hasSize(40);
        assertThat(CacheTree.files(models.resolve("snapshots")))
                .allMatch(
                        file -> Files.isRegularFile(models.resolve("snapshots").resolve(file)));
    }

    // With the real package.

    @Test
    void pythonAcceptsWhatWeFetched() throws Exception {
        assumePython();
        download("owner/name", false);

        assertThat(python(
                        """
                        import os, huggingface_hub as h
                        c = os.environ['HF_HUB_CACHE']
                        commit = '%s'
                        p = h.snapshot_download('owner/name', local_files_only=True)
                        assert p == os.path.join(c, 'models--owner--name', 'snapshots', commit), p
                        for f in ['model.safetensors', 'moshika-vis.yaml']:
                            assert h.try_to_load_from_cache('owner/name', f) == os.path.join(p, f)
                        assert h.try_to_load_from_cache('owner/name', 'config.json') is h._CACHED_NO_EXIST
                        s = h.scan_cache_dir()
                        assert not s.warnings, s.warnings
                        [r] = s.repos
                        [v] = r.revisions
                        assert v.commit_hash == commit and v.refs == {'main'} and len(v.files) == 4
                        h.snapshot_download('owner/name')
                        print('fine')
                        """
                                .formatted(repo.commit)))
                .endsWith("fine");
        assertThat(server.requests(TestHub.storageOf(TestRepo.LM)))
                .as("Python fetched again what we had")
                .hasSize(4);
        assertThat(download("owner/name", true).files()).hasSize(4);
    }

    @Test
    void pythonSeesNoDamageInAnUnfinishedDownload() throws Exception {
        assumePython();
        server.misbehave(
                TestHub.storageOf(TestRepo.LM), Integer.MAX_VALUE, answer -> answer.become(Answer.status(500)));
        assertThatThrownBy(() -> download("owner/name", false)).isInstanceOf(HubException.class);

        assertThat(
                        python(
                                """
                        import huggingface_hub as h
                        s = h.scan_cache_dir()
                        assert not s.warnings, s.warnings
                        print(len(s.repos), 'fine')
                        """))
                .endsWith("1 fine");
    }

    @Test
    void weAcceptWhatPythonFetched() throws Exception {
        assumePython();
        assertThat(
                        python(
                                """
                        import huggingface_hub as h
                        h.snapshot_download('owner/name')
                        print('fine')
                        """))
                .endsWith("fine");
        server.requests.clear();

        assertThat(download("owner/name@" + repo.commit, false).files()).hasSize(4);
        assertThat(download("owner/name", true).files()).hasSize(4);
        assertThat(server.requests).isEmpty();
        HubCache hubCache = HubCache.of(server.settings(cache));
        assertThat(hubCache.verify(repo.model(), ProgressListener.NONE).checked())
                .isEqualTo(repo.files.size());
    }

    private static final String PYTHON = System.getProperty("python", "python3");

    private void assumePython() throws Exception {
        assumeThat(run(List.of(PYTHON, "-c", "import huggingface_hub"), Map.of())
                        .exit())
                .as("%s has no huggingface_hub (choose another by -Dpython=PATH)", PYTHON)
                .isZero();
    }

    private String python(String program) throws Exception {
        Run run = run(
                Arrays.asList(PYTHON, "-c", program),
                Map.of(
                        "HF_ENDPOINT", server.endpoint().toString(),
                        "HF_HUB_CACHE", cache.toString(),
                        "HF_HUB_DISABLE_XET", "1",
                        "HF_HUB_DISABLE_PROGRESS_BARS", "1",
                        "HF_HUB_DISABLE_TELEMETRY", "1"));
        assertThat(run.exit()).as(run.output()).isZero();
        return run.output().strip();
    }

    private record Run(int exit, String output) {}

    private Run run(List<String> command, Map<String, String> environment) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), output);
        } catch (IOException e) {
            return new Run(-1, e.toString());
        }
    }
}
