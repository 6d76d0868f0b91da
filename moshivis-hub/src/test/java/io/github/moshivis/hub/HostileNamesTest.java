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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a hub may send to make us write outside the cache. */
class HostileNamesTest {
    @TempDir
    Path folder;

    private Path cache;
    private TestHub server;
    private TestRepo repo;

    static List<String> hostileNames() {
        return List.of(
                "../config.json",
                "../../../../config.json",
                "a/../../config.json",
                "/etc/config.json",
                "//host/config.json",
                "..\\config.json",
                "C:\\config.json",
                "C:config.json",
                "config.json:stream.yaml",
                "x\0.yaml",
                "x\n.yaml",
                "./config.json",
                "a//config.json",
                "",
                ".",
                "..",
                "...yaml.",
                "nul.yaml",
                "COM1.yaml",
                "x".repeat(300) + ".yaml",
                "y/".repeat(600) + "z.yaml",
                "what?.yaml",
                "trailing.yaml ");
    }

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("outer/cache");
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), 1000));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Snapshot download() {
        try (Hub hub = Hub.open(server.settings(cache))) {
            return hub.download(repo.model(), Optional.empty(), ProgressListener.NONE);
        }
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void noSuchNameIsSafe(String name) {
        assertThat(RepoPath.isSafe(name)).isFalse();
        assertThatThrownBy(() -> RepoPath.under(cache, name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file name below a folder");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                ".gitattributes",
                "a/b/c.yaml",
                "name with space.yaml",
                "überall.yaml",
                "..a",
                "con"
            })
    void ordinaryNamesAreSafeUnlessTheyAreDevices(String name) {
        assertThat(RepoPath.isSafe(name)).isEqualTo(!name.equals("con"));
    }

    @Test
    void hostileNamesInTheListAreNotFetched() throws IOException {
        for (String name : hostileNames()) {
            repo.with(name, Content.of("evil"));
        }

        Snapshot snapshot = download();

        assertThat(snapshot.files()).hasSize(4);
        assertThat(CacheTree.files(folder))
                .allMatch(file -> file.startsWith("outer/cache/"))
                .noneMatch(file -> file.contains("config.json") && !file.contains(".no_exist"));
        assertThat(server.requests(
                        seen -> seen.method().equals("HEAD") && seen.path().contains("/resolve/")))
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../evil.safetensors", "/tmp/evil.safetensors", "not-in-the-list.safetensors"})
    void hostileShardsAreRefused(String shard) throws IOException {
        repo.without(TestRepo.LM)
                .with(shard.startsWith("not") ? "x.safetensors" : shard, Content.of("evil"))
                .with("model.safetensors.index.json", Content.of("{\"weight_map\":{\"a\":\"" + shard + "\"}}"));

        assertThatThrownBy(this::download)
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("shard", shard, "index");
        assertThat(CacheTree.files(folder)).allMatch(file -> file.startsWith("outer/cache/"));
    }

    @Test
    void namesThatDifferInCaseOnlyAreRefused() {
        repo.with(TestRepo.MIMI.replace("checkpoint", "CHECKPOINT"), Content.of("another"));

        assertThatThrownBy(this::download)
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("checkpoint125", "CHECKPOINT125", "differ in more than case");
    }

    @Test
    void anETagThatIsAPathNamesNoBlob() throws IOException {
        server.misbehave(seen -> seen.method().equals("HEAD"), Integer.MAX_VALUE, answer -> {
            answer.header("ETag", "\"../../../evil\"");
            answer.header("X-Linked-ETag", "\"../../../evil\"");
        });

        download();

        assertThat(CacheTree.files(folder)).noneMatch(file -> file.endsWith("evil"));
        assertThat(Files.list(folder.resolve("outer"))).containsExactly(cache);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../b", "/x", "x/", "a b", "x^", "x~1", "a\\b", "a:b", "x*", "@{1}", "-\n", ""})
    void aRevisionThatGitWouldNotTakeIsRefused(String revision) {
        assertThatThrownBy(() -> repo.model().revision(revision))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("revision", "owner/name", "a branch, a tag, or a commit");
    }
}
