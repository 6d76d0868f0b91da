package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.io.ProgressListener;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a listener hears of a download. */
class HubProgressTest extends WithTestHub {
    @Test
    void progressTellsTheConfigurationThenEachFileFirstAndEndsItExactlyOnce() {
        download("owner/name");

        assertThat(progress.of(TestRepo.YAML)).containsExactlyElementsOf(progress.all.subList(0, 2));
        assertThat(progress.all.subList(2, 5)).allSatisfy(first -> {
            assertThat(first.state()).isEqualTo(ProgressListener.State.RUNNING);
            assertThat(first.done()).isZero();
            assertThat(first.total()).isEqualTo(repo.bytes(first.name()).length);
        });
        for (String file : List.of(TestRepo.YAML, TestRepo.TEXT, TestRepo.MIMI, TestRepo.LM)) {
            assertThat(progress.ends(file)).containsExactly(ProgressListener.State.DONE);
            ProgressListener.Progress last =
                    progress.of(file).get(progress.of(file).size() - 1);
            assertThat(last.state()).isEqualTo(ProgressListener.State.DONE);
            assertThat(last.done()).isEqualTo(last.total());
        }
    }

    @Test
    void progressComesAFewTimesASecondWithARate() {
        server.misbehave(TestHub.storageOf(TestRepo.LM), 100, answer -> {
            answer.pauseMillis = 25;
            answer.chunkBytes = 2 << 10;
        });

        long start = System.nanoTime();
        download("owner/name");
        double seconds = (System.nanoTime() - start) / 1e9;

        List<ProgressListener.Progress> running = progress.of(TestRepo.LM).stream()
                .filter(each -> each.state() == ProgressListener.State.RUNNING)
                .toList();
        assertThat(running).hasSizeBetween(2, 2 + (int) (4 * seconds));
        assertThat(running.get(running.size() - 1).bytesPerSecond()).isBetween(1e3, 2e6);
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        try (Hub hub = Hub.open(server.settings(cache))) {
            Snapshot snapshot = hub.download(repo.model(), Optional.empty(), each -> {
                throw new IllegalStateException("a listener's fault");
            });
            assertThat(snapshot.files()).hasSize(4);
        }
    }
}
