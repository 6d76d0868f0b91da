package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnDetectorTest {
    private final TurnDetector turn = new TurnDetector(1, 0.6, 3);

    private void hear(double... probabilities) {
        for (double probability : probabilities) {
            turn.pauses(new float[] {1, (float) probability});
        }
    }

    @Test
    void silenceBeforeAnyWordEndsNothing() {
        hear(0.99, 0.99, 0.99, 0.99);
        assertThat(turn.isPause()).isTrue();
        assertThat(turn.isEnd()).isFalse();
    }

    @Test
    void pauseMustLast() {
        turn.word();
        hear(0.9, 0.9, 0.1, 0.9, 0.9);
        assertThat(turn.isEnd()).isFalse();
        hear(0.9);
        assertThat(turn.isEnd()).isTrue();
    }

    @Test
    void endComesOnceUntilTheNextWord() {
        turn.word();
        hear(0.9, 0.9, 0.9);
        assertThat(turn.isEnd()).isTrue();
        turn.next();
        hear(0.9);
        assertThat(turn.isEnd()).isFalse();
        turn.word();
        assertThat(turn.isEnd()).isTrue();
    }

    @Test
    void otherHeadsDoNotCount() {
        turn.word();
        hear(0.5, 0.5, 0.5);
        assertThat(turn.isPause()).isFalse();
    }
}
