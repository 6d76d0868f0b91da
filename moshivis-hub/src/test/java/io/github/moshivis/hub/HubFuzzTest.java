package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub and a storage whose answers are changed on the way, through the API: a model that is right or an exception that is documented, and a
 * cache in which nothing looks complete that is not. Size of the long part: {@code fuzz.tries}.
 */
class HubFuzzTest {
    private static final int FEW = 6;
    private static final int MANY = Integer.getInteger("fuzz.tries", 20_000);
    private static final int LM_BYTES = 100_001;

    /** Held, as loggers that nobody holds forget their level. */
    private final Logger log = Logger.getLogger("io.github.moshivis.hub");

    @TempDir
    Path folder;

    private TestHub hub;
    private TestRepo repo;
    private MutatingProxy front;
    private MutatingProxy storage;

    @BeforeEach
    void start() throws IOException {
        log.setLevel(Level.OFF);
        hub = new TestHub();
        repo = hub.serve(TestRepo.model("owner/name", TestRepo.commit(1), LM_BYTES)
                .with("config.json", Content.of("{\"model_type\":\"moshi\"}")));
        front = new MutatingProxy(hub.endpoint().getPort());
        storage = new MutatingProxy(hub.storage().getPort());
        front.replace(hub.storage().toString(), storage.address("localhost").toString());
    }

    @AfterEach
    void stop() throws IOException {
        log.setLevel(null);
        front.close();
        storage.close();
        hub.close();
    }

    private HubSettings settings(Path cache) {
        Map<String, String> environment = new HashMap<>(hub.environment(cache));
        environment.put("HF_ENDPOINT", front.address("127.0.0.1").toString());
        RetryPolicy retry = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofMillis(20));
        return HubSettings.fromEnvironment(environment)
                .transfer(new TransferSettings(
                        3, 32 << 10, 8 << 10, retry, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    private Snapshot download(HubSettings settings, long seed) {
        try (Hub client = Hub.open(settings)) {
            if (seed % 4 == 0) {
                client.file(repo.model(), TestRepo.YAML, ProgressListener.NONE);
            }
            return client.download(repo.model(), Optional.empty(), ProgressListener.NONE);
        }
    }

    /** Files that the cache shows are what the hub has, whatever it said. */
    private void assertNothingIsWrong(Path cache) throws IOException {
        HubSettings settings = settings(cache);
        for (CachedModel model : HubCache.of(settings).list()) {
            assertThat(HubCache.of(settings)
                            .verify(model.model(), ProgressListener.NONE)
                            .problems())
                    .isEmpty();
        }
        Path snapshot = cache.resolve("models--owner--name/snapshots/" + repo.commit);
        for (String file : CacheTree.files(snapshot)) {
            assertThat(repo.files).containsKey(file);
            assertThat(snapshot.resolve(file)).hasBinaryContent(repo.bytes(file));
        }
    }

    private void run(long seed) throws IOException {
        Path cache = folder.resolve("cache-" + seed);
        front.mutate(seed, 1 + (int) (seed % 6));
        storage.mutate(~seed, seed % 3 == 0 ? 0 : 2 + (int) (seed % 5));
        Throwable thrown = catchThrowable(() -> download(settings(cache), seed));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(HubException.class);
        }
        assertNothingIsWrong(cache);

        front.mutate(0, 0);
        storage.mutate(0, 0);
        assertThat(download(settings(cache), seed).files()).hasSize(5);
        assertNothingIsWrong(cache);
        CacheTree.delete(cache);
    }

    private void fuzz(int tries) {
        for (long seed = 0; seed < tries; seed++) {
            try {
                run(seed);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    @Timeout(120)
    void fewMutatedAnswers() {
        fuzz(FEW);
    }

    @Test
    @Tag("stress")
    void manyMutatedAnswers() {
        fuzz(MANY);
    }
}
