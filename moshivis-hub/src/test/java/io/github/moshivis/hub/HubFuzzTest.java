package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
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
    private static final int THREADS = 8;
    private static final int LM_BYTES = 100_001;

    /** Held, as loggers that nobody holds forget their level. */
    private final Logger log = Logger.getLogger("io.github.moshivis.hub");

    @TempDir
    Path folder;

    @BeforeEach
    void silence() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void restore() {
        log.setLevel(null);
    }

    /** A hub and a storage behind mutating proxies, for one thread. */
    private final class Scene implements AutoCloseable {
        private final TestHub hub = new TestHub();
        private final TestRepo repo = hub.serve(TestRepo.model("owner/name", TestRepo.commit(1), LM_BYTES)
                .with("config.json", Content.of("{\"model_type\":\"moshi\"}")));
        private final MutatingProxy front = new MutatingProxy(hub.endpoint().getPort());
        private final MutatingProxy storage = new MutatingProxy(hub.storage().getPort());

        Scene() throws IOException {
            front.replace(hub.storage().toString(), storage.address("localhost").toString());
        }

        @Override
        public void close() throws IOException {
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

        void run(long seed) throws IOException {
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
    }

    private Void fuzz(int first, int tries, int step) throws IOException {
        try (Scene scene = new Scene()) {
            for (long seed = first; seed < tries; seed += step) {
                try {
                    scene.run(seed);
                } catch (Throwable e) {
                    throw new AssertionError("seed " + seed, e);
                }
            }
        }
        return null;
    }

    @Test
    @Timeout(120)
    void fewMutatedAnswers() throws IOException {
        fuzz(0, FEW, 1);
    }

    /** In several threads, as most of the time is spent on waiting for answers that do not come. */
    @Test
    @Tag("stress")
    void manyMutatedAnswers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Callable<Void>> parts = IntStream.range(0, THREADS)
                .<Callable<Void>>mapToObj(first -> () -> fuzz(first, MANY, THREADS))
                .toList();
        for (Future<Void> part : threads.invokeAll(parts)) {
            part.get();
        }
        threads.shutdown();
    }
}
