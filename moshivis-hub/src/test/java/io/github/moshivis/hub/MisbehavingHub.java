package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** A hub or a network at its worst. After each fault the cache is complete and right, or resumable; it is never wrong. */
abstract class MisbehavingHub extends WithTestHub {
    static final int ALWAYS = Integer.MAX_VALUE;
    static final Predicate<TestHub.Seen> LM = TestHub.storageOf(TestRepo.LM);

    static final Predicate<TestHub.Seen> YAML = seen -> seen.method().equals("GET")
            && seen.path().contains("resolve-cache")
            && seen.path().endsWith(".yaml");

    /** The download succeeds in spite of the fault. */
    void succeeds() {
        Snapshot snapshot = download();
        assertThat(snapshot.files()).hasSize(4);
        for (Path file : snapshot.files()) {
            assertThat(file).hasBinaryContent(repo.bytes(file.getFileName().toString()));
        }
        assertThat(unfinished()).isEmpty();
    }

    /** The download fails with words that help, leaves nothing under a final name that is wrong, and succeeds later. */
    void failsButRecovers(TestHub healthy, String... words) {
        assertThatThrownBy(this::download).isInstanceOf(HubException.class).hasMessageContainingAll(words);
        assertThat(progress.ends(TestRepo.LM)).isSubsetOf(List.of(State.FAILED)).hasSizeLessThanOrEqualTo(1);
        HubCache hubCache = HubCache.of(server.settings(cache));
        if (!hubCache.list().isEmpty()) {
            assertThat(hubCache.verify(repo.model(), new Recorded()).problems()).isEmpty();
        }
        server.close();
        server = healthy;
        server.serve(repo);
        succeeds();
    }

    List<Path> unfinished() {
        try {
            return CacheTree.children(cache.resolve("models--owner--name/blobs")).stream()
                    .filter(CacheLayout::isUnfinished)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    long neededBytes() {
        return List.of(TestRepo.YAML, TestRepo.TEXT, TestRepo.MIMI, TestRepo.LM).stream()
                .mapToLong(file -> repo.bytes(file).length)
                .sum();
    }

    /** Bytes that a download of which only the language model is missing needs besides: the file list. */
    long listBytes(TestHub of) {
        try (var client = new java.io.ByteArrayOutputStream();
                var in = java.net
                        .URI
                        .create(of.endpoint() + "/api/models/owner/name/revision/main")
                        .toURL()
                        .openStream()) {
            return in.transferTo(client);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
