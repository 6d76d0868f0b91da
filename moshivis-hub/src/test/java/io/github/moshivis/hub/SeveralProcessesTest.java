package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads in other JVMs: killed without warning, or at the same time. */
class SeveralProcessesTest {
    /** Least number of kills of the long part. */
    private static final int KILLS = Integer.getInteger("kills", 100);

    private static final long SEED = 20_241_122;

    @TempDir
    Path folder;

    /**
     * Chunks that the server sends to a connection before it hears that its other end is gone, or busy: on a machine with much
     * else to do a process may stand still for a tenth of a second. Four times that would be a part.
     */
    private static final int ON_THE_WAY = 6;

    private static final String WARM_UP = "owner/warm-up";

    private Path cache;
    private TestHub server;

    @BeforeEach
    void start() throws IOException {
        cache = Files.createDirectory(folder.resolve("cache"));
        server = new TestHub();
        server.serve(TestRepo.model(WARM_UP, TestRepo.commit(7), 300_000));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @Timeout(60)
    void aDownloadThatIsKilledAgainAndAgainFetchesOnlyWhatIsMissing() throws Exception {
        killUntilComplete(2 << 20, 4, 1);
    }

    @Test
    @Tag("stress")
    @Timeout(1800)
    void aDownloadThatIsKilledVeryOftenFetchesOnlyWhatIsMissing() throws Exception {
        killUntilComplete(60 << 20, 2 * KILLS, KILLS);
    }

    private static Predicate<TestHub.Seen> languageModelOf(TestRepo repo) {
        return seen -> seen.storage() && seen.path().equals("/" + repo.name + "/" + repo.commit + "/" + TestRepo.LM);
    }

    /**
     * Kills the child after about one in so many parts of the bytes, until one completes; at least so often. The server sends in the chunks in
     * which the client writes, and slowly, so that what it has sent is what has arrived, but for a few chunks a connection.
     */
    private void killUntilComplete(int lmBytes, int parts, int least) throws Exception {
        TestRepo repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), lmBytes));
        int buffer = ChildProcess.TRANSFER.bufferBytes();
        server.misbehave(languageModelOf(repo), Integer.MAX_VALUE, answer -> {
            answer.chunkBytes = buffer;
            answer.pauseMillis = 20;
        });
        Random random = new Random(SEED);
        int kills = 0;
        while (true) {
            long until = sent(repo) + 1 + random.nextInt(2 * lmBytes / parts);
            Process child = ChildProcess.start(server.endpoint(), cache, repo.name, WARM_UP);
            while (child.isAlive() && sent(repo) < until) {
                child.waitFor(1, TimeUnit.MILLISECONDS);
            }
            if (!child.isAlive()) {
                assertThat(child.waitFor()).as(this::childLog).isZero();
                break;
            }
            child.destroyForcibly().waitFor();
            kills++;
            assertThat(HubCache.of(server.settings(cache)).list())
                    .as("a killed download leaves nothing wrong")
                    .allSatisfy(model -> assertThat(model.revisions())
                            .allSatisfy(revision -> assertThat(revision.bytes()).isLessThan(lmBytes)));
        }

        assertThat(kills).as("kills").isGreaterThanOrEqualTo(least);
        Path snapshot = cache.resolve("models--owner--name/snapshots/" + repo.commit);
        assertThat(snapshot.resolve(TestRepo.LM)).hasBinaryContent(repo.bytes(TestRepo.LM));
        Verification verification = HubCache.of(server.settings(cache)).verify(repo.model(), new Recorded());
        assertThat(verification.problems()).isEmpty();
        assertThat(fetchedAgain(repo))
                .as("bytes of the language model fetched again after %d kills", kills)
                .isLessThanOrEqualTo(
                        (long) kills * ChildProcess.TRANSFER.connections() * (buffer + ON_THE_WAY * buffer));
    }

    private long sent(TestRepo repo) {
        return server.requests(languageModelOf(repo)).stream()
                .mapToLong(TestHub.Seen::sent)
                .sum();
    }

    /** By how much ranges that were asked for reach back before the furthest byte that was sent of their part. */
    private long fetchedAgain(TestRepo repo) {
        long part = ChildProcess.TRANSFER.partBytes();
        long[] furthest = new long[(int) (repo.bytes(TestRepo.LM).length / part) + 1];
        long again = 0;
        for (TestHub.Seen seen : server.requests(languageModelOf(repo))) {
            long from = Long.parseLong(seen.header("Range").orElseThrow().replaceAll("bytes=([0-9]+)-.*", "$1"));
            int number = (int) (from / part);
            again += Math.max(0, furthest[number] - from);
            furthest[number] = Math.max(furthest[number], seen.sentUpTo().get());
        }
        return again;
    }

    @Test
    @Timeout(60)
    void twoProcessesThatWantTheSameModelFetchEachByteOnce() throws Exception {
        TestRepo repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), 2 << 20));
        server.misbehave(languageModelOf(repo), Integer.MAX_VALUE, answer -> answer.pauseMillis = 5);

        List<Process> children = List.of(
                ChildProcess.start(server.endpoint(), cache, repo.name, WARM_UP),
                ChildProcess.start(server.endpoint(), cache, repo.name, WARM_UP),
                ChildProcess.start(server.endpoint(), cache, repo.name + "@" + repo.commit, WARM_UP));
        for (Process child : children) {
            assertThat(child.waitFor()).as(this::childLog).isZero();
        }

        assertThat(cache.resolve("models--owner--name/snapshots/" + repo.commit + "/" + TestRepo.LM))
                .hasBinaryContent(repo.bytes(TestRepo.LM));
        assertThat(server.requests(languageModelOf(repo)))
                .extracting(seen -> seen.header("Range").orElseThrow())
                .doesNotHaveDuplicates()
                .hasSize((2 << 20) / (256 << 10));
        assertThat(server.requests(seen -> seen.storage()
                        && seen.path().startsWith("/owner/name/")
                        && seen.path().endsWith(TestRepo.MIMI)))
                .hasSize(1);
    }

    private String childLog() {
        try {
            return Files.readString(folder.resolve("child.log"));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }
}
