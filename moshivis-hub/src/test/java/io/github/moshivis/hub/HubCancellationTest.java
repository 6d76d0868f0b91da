package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A download that is ended from outside ends soon, says so once, leaves no thread behind, and can be resumed. */
@Timeout(60)
@Isolated("counts threads")
class HubCancellationTest {
    private static final int LM_BYTES = 400_000;

    @TempDir
    Path cache;

    private TestHub server;
    private TestRepo repo;
    private Hub hub;
    private final Recorded progress = new Recorded();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean interruptedAfterwards;

    @BeforeEach
    void start() throws IOException {
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), LM_BYTES));
        hub = Hub.open(server.settings(cache));
    }

    @AfterEach
    void stop() {
        hub.close();
        server.close();
    }

    private Thread startSlowDownload() throws InterruptedException {
        server.misbehave(TestHub.storageOf(TestRepo.LM), 4, answer -> {
            answer.chunkBytes = 8 << 10;
            answer.pauseMillis = 20_000;
        });
        return startDownload();
    }

    private Thread startDownload() throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                hub.download(repo.model(), Optional.empty(), progress);
            } catch (RuntimeException e) {
                failure.set(e);
            }
            interruptedAfterwards = Thread.currentThread().isInterrupted();
        });
        thread.start();
        return thread;
    }

    /** Waits until every connection has a piece of a file, and the listener has heard of one. */
    private void awaitPiecesOf(String file) throws InterruptedException {
        while (server.requests(TestHub.storageOf(file)).size() < 4
                || progress.of(file).stream().noneMatch(each -> each.done() > 0)) {
            Thread.sleep(5);
        }
    }

    private void assertEndedAndResumable() {
        assertThat(failure.get())
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("cancelled", "what was fetched is kept", "start it again");
        assertThat(progress.ends(TestRepo.LM)).containsExactly(State.FAILED);
        assertThat(progress.ends(TestRepo.MIMI)).containsExactly(State.DONE);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("moshivis-hub-model"));
        server.bytesSent.set(0);
        try (Hub another = Hub.open(server.settings(cache))) {
            Recorded resumed = new Recorded();
            Snapshot snapshot = another.download(repo.model(), Optional.empty(), resumed);
            assertThat(snapshot.directory().resolve(TestRepo.LM)).hasBinaryContent(repo.bytes(TestRepo.LM));
            assertThat(resumed.of(TestRepo.LM).get(0).done()).as("bytes kept").isBetween(8L << 10, (long) LM_BYTES - 1);
        }
        assertThat(server.bytesSent.get()).isLessThan(LM_BYTES);
    }

    @Test
    void anInterruptEndsADownloadAndStaysSet() throws Exception {
        Thread thread = startSlowDownload();
        awaitPiecesOf(TestRepo.LM);

        long start = System.nanoTime();
        thread.interrupt();
        thread.join();

        assertThat(System.nanoTime() - start).isLessThan(15_000_000_000L);
        assertThat(interruptedAfterwards).isTrue();
        assertEndedAndResumable();
    }

    @Test
    void closingTheHubEndsItsDownloads() throws Exception {
        Thread thread = startSlowDownload();
        awaitPiecesOf(TestRepo.LM);

        long start = System.nanoTime();
        hub.close();
        thread.join();

        assertThat(System.nanoTime() - start).isLessThan(15_000_000_000L);
        assertThat(interruptedAfterwards).isFalse();
        assertEndedAndResumable();
    }

    @Test
    void closingEndsTheWaitForAnAnswer() throws Exception {
        server.misbehave(seen -> true, 1, answer -> {
            try {
                Thread.sleep(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Thread thread = startDownload();
        while (server.requests.isEmpty()) {
            Thread.sleep(5);
        }

        hub.close();
        thread.join();

        assertThat(failure.get()).isInstanceOf(HubException.class).hasMessageContaining("cancelled");
    }

    @Test
    void closingEndsTheWaitBetweenAttempts() throws Exception {
        server.misbehave(
                seen -> true, 9, answer -> answer.become(Answer.status(429).header("Retry-After", "5")));
        Thread thread = startDownload();
        while (server.requests.isEmpty()) {
            Thread.sleep(5);
        }
        Thread.sleep(100);

        hub.close();
        thread.join();

        assertThat(failure.get()).isInstanceOf(HubException.class).hasMessageContaining("cancelled");
    }

    @Test
    void closingEndsTheWaitForAnotherDownloadOfTheSameFile() throws Exception {
        CacheLayout layout = new CacheLayout(cache, repo.model());
        ContentHash hash = new ContentHash(repo.files.get(TestRepo.LM).etag());
        CacheLock other = CacheLock.acquire(layout.lock(hash), Cancellation.root(), () -> {});
        Thread thread = startDownload();
        while (server.requests(TestHub.storageOf(TestRepo.MIMI)).isEmpty()) {
            Thread.sleep(5);
        }
        Thread.sleep(300);

        hub.close();
        thread.join();
        other.close();

        assertThat(failure.get()).isInstanceOf(HubException.class).hasMessageContaining("cancelled");
        assertThat(server.requests(TestHub.storageOf(TestRepo.LM))).isEmpty();
    }

    @Test
    void twoThreadsThatWantTheSameModelFetchItOnce() throws Exception {
        Thread one = startDownload();
        Thread two = startDownload();
        one.join();
        two.join();

        assertThat(failure.get()).isNull();
        assertThat(server.requests(TestHub.storageOf(TestRepo.LM))).hasSize(7);
        assertThat(progress.ends(TestRepo.LM)).containsOnly(State.DONE);
    }
}
