package io.github.moshivis.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.errors.NativeException;
import io.github.moshivis.tensor.GraphRecorder;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** When work is done, recorded, replayed and forgotten. */
class ReplaysTest {
    private final List<String> log = new ArrayList<>();

    private final GraphRecorder recorder = new GraphRecorder() {
        @Override
        public Recording record(Supplier<Tensor> work) {
            work.get();
            String name = log.remove(log.size() - 1); // work is recorded, not done
            log.add("record " + name);
            return new Recording() {
                @Override
                public Tensor replay() {
                    log.add("replay " + name);
                    return null;
                }

                @Override
                public void close() {
                    log.add("close " + name);
                }
            };
        }

        @Override
        public void close() {
            log.add("close all");
        }
    };

    private void run(Replays replays, String kind) {
        replays.run(() -> List.of(kind), () -> {
            log.add(kind);
            return null;
        });
    }

    @Test
    void workIsDoneThreeTimesThenRecordedAndReplayed() {
        try (Replays replays = new Replays(recorder)) {
            for (int i = 0; i < 5; i++) {
                run(replays, "a");
            }
            run(replays, "b");
        }
        assertThat(log).containsExactly("a", "a", "a", "record a", "replay a", "replay a", "b", "close a", "close all");
    }

    @Test
    void theLeastUsedRecordingIsForgotten() {
        try (Replays replays = new Replays(recorder)) {
            for (int kind = 0; kind <= Replays.MAX_RECORDINGS; kind++) {
                for (int i = 0; i <= Replays.REHEARSALS; i++) {
                    run(replays, "kind " + kind);
                    run(replays, "kind 0");
                }
            }
            assertThat(replays.size()).isEqualTo(Replays.MAX_RECORDINGS);
            assertThat(log).contains("close kind 1").doesNotContain("close kind 0", "close kind 2");
        }
    }

    @Test
    void afterAFailedRecordingWorkIsDoneEachTime() {
        GraphRecorder broken = new GraphRecorder() {
            @Override
            public Recording record(Supplier<Tensor> work) {
                log.add("fail");
                throw new NativeException("no graphs here");
            }

            @Override
            public void close() {}
        };
        try (Replays replays = new Replays(broken)) {
            for (int i = 0; i < 6; i++) {
                run(replays, "a");
            }
        }
        assertThat(log).containsExactly("a", "a", "a", "fail", "a", "a", "a");
    }

    @Test
    void withoutARecorderWorkIsDoneEachTimeAndNoSignatureIsMade() {
        try (Replays replays = new Replays(null)) {
            for (int i = 0; i < 6; i++) {
                replays.run(
                        () -> {
                            throw new AssertionError("nobody asks");
                        },
                        () -> {
                            log.add("a");
                            return null;
                        });
            }
        }
        assertThat(log).hasSize(6);
    }
}
