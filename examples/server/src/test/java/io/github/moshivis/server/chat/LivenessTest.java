package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is asked whether it is there, and who is gone. */
class LivenessTest {
    private int asked;
    private final Liveness liveness = new Liveness(() -> asked++, 0);

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void aClientThatAnswersIsAskedNowAndThen() {
        for (int now = 0; now <= 300; now++) {
            assertThat(liveness.isGone(seconds(now))).isFalse();
            if (now % 30 == 0) {
                liveness.heard(seconds(now));
            }
        }
        assertThat(asked).isEqualTo(14);
    }

    @Test
    void aClientThatDoesNotAnswerIsGoneAfterAMinute() {
        assertThat(liveness.isGone(seconds(60))).isFalse();
        assertThat(liveness.isGone(seconds(61))).isTrue();
        assertThat(asked).isPositive();
    }
}
