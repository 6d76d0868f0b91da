package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub or a network at its worst. After each fault the cache is complete and right, or resumable; it is never wrong. */
class HubMisbehaviourTest {
    private static final int LM_BYTES = 300_001;
    private static final int ALWAYS = Integer.MAX_VALUE;
    private static final Predicate<TestHub.Seen> LM = TestHub.storageOf(TestRepo.LM);
    private static final Predicate<TestHub.Seen> YAML = seen -> seen.method().equals("GET")
            && seen.path().contains("resolve-cache")
            && seen.path().endsWith(".yaml");

    @TempDir
    Path cache;

    private TestHub server;
    private TestRepo repo;
    private final Recorded progress = new Recorded();

    @BeforeEach
    void start() throws IOException {
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), LM_BYTES));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Snapshot download() {
        try (Hub hub = Hub.open(server.settings(cache))) {
            return hub.download(repo.model(), Optional.empty(), progress);
        }
    }

    /** The download succeeds in spite of the fault. */
    private void succeeds() {
        Snapshot snapshot = download();
        assertThat(snapshot.files()).hasSize(4);
        for (Path file : snapshot.files()) {
            assertThat(file).hasBinaryContent(repo.bytes(file.getFileName().toString()));
        }
        assertThat(unfinished()).isEmpty();
    }

    /** The download fails with words that help, leaves nothing under a final name that is wrong, and succeeds later. */
    private void failsButRecovers(TestHub healthy, String... words) {
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

    private List<Path> unfinished() {
        try {
            return CacheTree.children(cache.resolve("models--owner--name/blobs")).stream()
                    .filter(CacheRemoval::isUnfinished)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 8191, 8192, 50_000, 65_535})
    void aConnectionThatIsCutIsResumedWhereItEnded(long after) {
        server.misbehave(LM, 3, answer -> answer.cutAfter = after);

        succeeds();

        assertThat(server.requests(LM)).hasSize(5 + 3);
        assertThat(server.bytesSent.get()).as("no byte twice").isEqualTo(neededBytes() + listBytes(server));
    }

    @Test
    void connectionsThatAreCutForeverLeaveWhatCameForTheNextTime() throws IOException {
        server.misbehave(LM, 3, answer -> answer.cutAfter = 20_000);
        server.misbehave(LM, ALWAYS, answer -> answer.cutAfter = Math.max(0, answer.cutAfter));

        assertThatThrownBy(this::download)
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("model.safetensors", "owner/name", "what was fetched is kept", "start again");

        long kept = PartialFile.finishedBytes(unfinished().get(0), unfinished().get(1), LM_BYTES);
        assertThat(kept).isEqualTo(3 * 20_000);
        TestHub healthy = new TestHub();
        server.close();
        server = healthy;
        server.serve(repo);
        succeeds();
        assertThat(healthy.bytesSent.get()).isEqualTo(LM_BYTES - kept + listBytes(healthy));
    }

    private long neededBytes() {
        return List.of(TestRepo.YAML, TestRepo.TEXT, TestRepo.MIMI, TestRepo.LM).stream()
                .mapToLong(file -> repo.bytes(file).length)
                .sum();
    }

    /** Bytes that a download of which only the language model is missing needs besides: the file list. */
    private long listBytes(TestHub of) {
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

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aPassingFaultOfAServerIsTriedAgain(int status) {
        server.misbehave(LM, 3, answer -> answer.become(Answer.status(status)));
        server.misbehave(
                seen -> seen.path().startsWith("/api/models"), 2, answer -> answer.become(Answer.status(status)));
        server.misbehave(seen -> seen.method().equals("HEAD"), 2, answer -> answer.become(Answer.status(status)));

        succeeds();
    }

    @Test
    void aLastingFaultOfAServerEndsTheDownload() throws IOException {
        server.misbehave(LM, ALWAYS, answer -> answer.become(Answer.status(503)));

        failsButRecovers(new TestHub(), "503", "check the network", "start again");
    }

    @Test
    void tooManyRequestsAreNotRepeatedBeforeTheServerSays() {
        server.misbehave(LM, 1, answer -> answer.become(Answer.status(429).header("Retry-After", "1")));

        long start = System.nanoTime();
        succeeds();

        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
    }

    @Test
    void aRangeThatTheServerCannotSatisfyIsFetchedFromTheBeginning() {
        server.misbehave(LM, 4, answer -> answer.become(Answer.status(416)));

        succeeds();

        assertThat(server.requests(LM)).as("the whole file at last").anyMatch(seen -> seen.header("Range")
                .isEmpty());
    }

    @Test
    void aServerWithoutRangesIsReadInOneGo() {
        server.misbehave(LM, ALWAYS, Answer::whole);

        succeeds();
    }

    @Test
    void aServerWithoutRangesThatBreaksOffIsReadAgainPastWhatIsThere() {
        server.misbehave(LM, ALWAYS, Answer::whole);
        server.misbehave(
                seen -> LM.test(seen) && seen.header("Range").isEmpty(), 2, answer -> answer.cutAfter = 150_000);

        succeeds();
    }

    @Test
    void aLastingRefusalOfRangesAndOfTheWholeEndsTheDownload() throws IOException {
        server.misbehave(LM, ALWAYS, answer -> answer.become(Answer.status(416)));

        failsButRecovers(new TestHub(), "416", "start again");
    }

    @Test
    void aWrongLengthIsNotTaken() throws IOException {
        server.misbehave(LM, ALWAYS, answer -> answer.header("Content-Range", "bytes 0-10/11"));

        failsButRecovers(new TestHub(), "the range", "bytes 0-10/11", "start again");
    }

    @Test
    void aWholeOfAnotherLengthIsNotTaken() throws IOException {
        server.misbehave(LM, ALWAYS, answer -> {
            answer.whole();
            answer.announcedLength = LM_BYTES - 5;
        });

        failsButRecovers(new TestHub(), "300001", "299996");
    }

    @Test
    void anAnswerThatIsShorterThanItSaysIsResumed() {
        server.misbehave(YAML, 1, answer -> answer.cutAfter = 3);

        succeeds();
    }

    @Test
    void wrongBytesAreFetchedAgain() {
        server.misbehave(LM, 1, answer -> answer.body = Content.random(666, LM_BYTES));

        succeeds();
    }

    @Test
    void bytesThatStayWrongAreThrownAway() throws IOException {
        server.misbehave(LM, ALWAYS, answer -> answer.body = Content.random(666, LM_BYTES));

        failsButRecovers(
                new TestHub(), "SHA-256", "twice", repo.files.get(TestRepo.LM).etag(), "another network");
    }

    @Test
    void wrongBytesOfASmallFileAreToldByGitsHash() throws IOException {
        server.misbehave(YAML, ALWAYS, answer -> answer.body = Content.of("n_q: 9\n"));

        failsButRecovers(new TestHub(), "git SHA-1", "moshika-vis.yaml");
    }

    @Test
    void anETagThatChangesInTheMiddleMakesTheFileStartAnew() {
        server.misbehave(LM, 2, answer -> answer.cutAfter = 30_000);
        server.misbehave(seen -> LM.test(seen) && seen.header("If-Range").isPresent(), 4, answer -> {
            answer.whole();
            answer.header("ETag", "\"another\"");
            answer.body(Content.random(666, LM_BYTES));
        });

        succeeds();
    }

    @Test
    void anETagThatChangesWithoutIfRangeBeingHeardMakesTheFileStartAnew() {
        server.misbehave(seen -> LM.test(seen) && seen.header("If-Range").isPresent(), 4, answer -> {
            answer.header("ETag", "\"another\"");
            answer.body = Content.random(666, LM_BYTES);
        });

        succeeds();
    }

    @Test
    void aResumedRangeSaysWhatItContinues() {
        server.misbehave(LM, 1, answer -> answer.cutAfter = 100);

        succeeds();

        String etag = "\"storage-" + repo.files.get(TestRepo.LM).etag().substring(0, 8) + '"';
        assertThat(server.requests(LM).subList(4, 6))
                .allMatch(seen -> seen.header("If-Range").equals(Optional.of(etag)));
    }

    @Test
    void aSlowDripIsWaitedFor() {
        server.misbehave(YAML, 1, answer -> {
            answer.chunkBytes = 1;
            answer.pauseMillis = 150; // altogether longer than the stall timeout
        });

        succeeds();
    }

    @Test
    void aConnectionOnWhichNothingArrivesIsGivenUp() {
        server.misbehave(LM, 1, answer -> {
            answer.chunkBytes = 1000;
            answer.pauseMillis = 60_000;
        });

        long start = System.nanoTime();
        succeeds();

        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }

    @Test
    void aRedirectLoopIsNamed() throws IOException {
        server.misbehave(
                seen -> seen.method().equals("HEAD"),
                ALWAYS,
                answer -> answer.become(Answer.status(302).header("Location", "/loop")));

        failsButRecovers(new TestHub(), "redirect loop", "HF_ENDPOINT");
    }

    @Test
    void aRedirectToNowhereIsNamed() throws IOException {
        server.misbehave(
                seen -> seen.method().equals("HEAD"),
                ALWAYS,
                answer -> answer.become(Answer.status(302).header("Location", "file:///etc/passwd")));

        failsButRecovers(new TestHub(), "redirect", "expected an https address");
    }

    @Test
    void aSignedAddressThatHasExpiredIsAskedForAgain() {
        server.misbehave(LM, 2, answer -> answer.become(Answer.status(403)));

        succeeds();
    }

    @Test
    void gzipWhereNoneWasAskedIsUndone() {
        server.misbehave(YAML, ALWAYS, Answer::gzip);
        server.misbehave(seen -> seen.path().startsWith("/api/models"), ALWAYS, Answer::gzip);
        server.misbehave(LM, ALWAYS, Answer::gzip);

        succeeds();
    }

    @Test
    void anAnswerThatIsNoFileListIsNamed() throws IOException {
        server.misbehave(
                seen -> seen.path().startsWith("/api/models"),
                ALWAYS,
                answer -> answer.become(new Answer().body(Content.of("<html>Welcome to this hotel's network</html>"))));

        failsButRecovers(new TestHub(), "file list", "not JSON", "proxy");
    }

    @Test
    void aCommitThatIsNoneIsNamed() throws IOException {
        server.misbehave(
                seen -> seen.path().startsWith("/api/models"),
                ALWAYS,
                answer -> answer.become(Answer.json("{\"sha\":\"../../../etc\",\"siblings\":[]}")));

        failsButRecovers(new TestHub(), "40 hexadecimal digits");
        assertThat(Files.exists(cache.resolveSibling("etc"))).isFalse();
    }

    @Test
    void aFileOfAnotherCommitIsNotTaken() throws IOException {
        server.misbehave(
                seen -> seen.method().equals("HEAD"),
                ALWAYS,
                answer -> answer.header("X-Repo-Commit", TestRepo.commit(9)));

        failsButRecovers(new TestHub(), "X-Repo-Commit", TestRepo.commit(9), TestRepo.commit(1));
    }

    @Test
    void aFileWithoutAHashIsNotTaken() throws IOException {
        server.misbehave(
                seen -> seen.path().startsWith("/api/models"),
                ALWAYS,
                answer -> answer.body(
                        Content.of(Answer.text(answer.body.bytes()).replaceAll("blobId|sha256", "unknown"))));
        server.misbehave(seen -> seen.method().equals("HEAD"), ALWAYS, answer -> answer.header("ETag", "\"odd\""));

        failsButRecovers(new TestHub(), "no hash", "X-Linked-ETag");
    }

    @Test
    void aListedFileThatIsNotThereIsNamedAndNoted() throws IOException {
        server.misbehave(seen -> seen.method().equals("HEAD") && seen.path().endsWith(TestRepo.MIMI), 1, answer -> {
            answer.become(
                    Answer.status(404).header("X-Error-Code", "EntryNotFound").header("X-Repo-Commit", repo.commit));
        });

        failsButRecovers(new TestHub(), "EntryNotFound", TestRepo.MIMI, "try again");
        assertThat(cache.resolve("models--owner--name/.no_exist/" + repo.commit + "/" + TestRepo.MIMI))
                .isEmptyFile();
    }

    @Test
    void aHubThatCannotBeReachedIsReplacedByTheCache() {
        succeeds();
        HubSettings settings = server.settings(cache);
        server.close();

        try (Hub hub = Hub.open(settings)) {
            assertThatCode(() -> hub.download(repo.model(), Optional.empty(), progress))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aHubThatCannotBeReachedAtAllIsNamed() {
        HubSettings settings = server.settings(cache);
        server.close();

        try (Hub hub = Hub.open(settings)) {
            assertThatThrownBy(() -> hub.download(repo.model(), Optional.empty(), progress))
                    .isInstanceOf(HubException.class)
                    .hasMessageContainingAll(
                            "the file list", settings.endpoint().toString(), "check the network", "proxy")
                    .hasCauseInstanceOf(IOException.class);
        }
    }
}
