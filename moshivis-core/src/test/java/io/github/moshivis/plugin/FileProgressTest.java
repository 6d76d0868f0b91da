package io.github.moshivis.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.io.ProgressListener.Progress;
import io.github.moshivis.io.ProgressListener.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileProgressTest {
    private final List<Progress> heard = new ArrayList<>();

    @Test
    void beginsAtOnceAndEndsOnceWithSuccess() {
        try (FileProgress progress = new FileProgress(heard::add, "file", 10, 100)) {
            progress.advanced(100);
            progress.succeeded();
        }
        assertThat(heard.get(0)).isEqualTo(new Progress("file", 10, 100, 0, State.RUNNING));
        assertThat(heard)
                .filteredOn(p -> p.state() != State.RUNNING)
                .singleElement()
                .satisfies(last -> {
                    assertThat(last.state()).isEqualTo(State.DONE);
                    assertThat(last.done()).isEqualTo(100);
                });
    }

    @Test
    void withoutSuccessItEndsInFailureOnce() {
        FileProgress progress = new FileProgress(heard::add, "file", 0, -1);
        progress.advanced(7);
        progress.close();
        progress.close();
        assertThat(heard)
                .filteredOn(p -> p.state() != State.RUNNING)
                .containsExactly(new Progress("file", 7, -1, 0, State.FAILED));
    }

    @Test
    void aFewReportsASecondAreMadeHoweverOftenWorkAdvances() {
        try (FileProgress progress = new FileProgress(heard::add, "file", 0, 1_000_000)) {
            for (int i = 0; i < 100_000; i++) {
                progress.advanced(i);
            }
        }
        assertThat(heard).hasSizeLessThan(50);
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        List<State> states = new ArrayList<>();
        try (FileProgress progress = new FileProgress(
                p -> {
                    states.add(p.state());
                    throw new AssertionError("a listener's own fault");
                },
                "file",
                0,
                1)) {
            progress.succeeded();
        }
        assertThat(states).containsExactly(State.RUNNING, State.DONE);
    }
}
