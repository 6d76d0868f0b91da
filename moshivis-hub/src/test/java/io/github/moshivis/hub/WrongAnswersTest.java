package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Answers with the wrong bytes, lengths, headers or directions. */
class WrongAnswersTest extends MisbehavingHub {
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
    void aRedirectToAPortThatIsNoneIsNamed() throws IOException {
        server.misbehave(
                seen -> seen.method().equals("HEAD"),
                ALWAYS,
                answer -> answer.become(Answer.status(302).header("Location", "http://127.0.0.1:99999/file")));

        failsButRecovers(new TestHub(), "redirect", "127.0.0.1:99999", "expected an https address");
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
}
