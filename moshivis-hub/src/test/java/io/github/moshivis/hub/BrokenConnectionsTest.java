package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break, stall, are refused, or cannot be resumed. */
class BrokenConnectionsTest extends MisbehavingHub {
    /** What the JDK's client holds unread, and drops when its connection ends. */
    private static final int ON_THE_WAY = 16 << 10;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 8191, 8192, 50_000, 65_535})
    void aConnectionThatIsCutIsResumedWhereItEnded(long after) {
        server.misbehave(LM, 3, answer -> answer.cutAfter = after);

        succeeds();

        assertThat(server.requests(LM)).hasSize(5 + 3);
        long needed = neededBytes() + listBytes(server);
        assertThat(server.bytesSent.get())
                .as("no byte twice, but for those that the end of a connection overtook")
                .isBetween(needed, needed + 3 * ON_THE_WAY);
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

    @Test
    void aByteForEachConnectionIsNoProgress() throws IOException {
        server.misbehave(LM, ALWAYS, answer -> answer.cutAfter = 1);

        failsButRecovers(new TestHub(), "model.safetensors", "what was fetched is kept", "start again");
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
    void anAnswerThatIsShorterThanItSaysIsResumed() {
        server.misbehave(YAML, 1, answer -> answer.cutAfter = 3);

        succeeds();
    }

    @Test
    void aResumedRangeSaysWhatItContinues() {
        server.misbehave(LM, 1, answer -> answer.cutAfter = 20_000);

        succeeds();

        String etag = "\"storage-" + repo.files.get(TestRepo.LM).etag().substring(0, 8) + '"';
        // A connection that broke before anything was read is asked again from its start, which continues nothing.
        assertThat(server.requests(LM))
                .filteredOn(seen -> seen.header("Range")
                        .filter(BrokenConnectionsTest::isContinued)
                        .isPresent())
                .isNotEmpty()
                .allMatch(seen -> seen.header("If-Range").equals(Optional.of(etag)));
    }

    /** Whether a range begins in the middle of a part. */
    private static boolean isContinued(String range) {
        long start = Long.parseLong(range.substring("bytes=".length(), range.indexOf('-')));
        return start % TestHub.quick().partBytes() != 0;
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
    void aSignedAddressThatHasExpiredIsAskedForAgain() {
        server.misbehave(LM, 2, answer -> answer.become(Answer.status(403)));

        succeeds();
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
