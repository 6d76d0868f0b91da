package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserClockTest {
    private final UserClock clock = new UserClock(2);

    @Test
    void tokensTrailByTheDelay() {
        assertThat(new double[] {clock.step(1), clock.step(2), clock.step(3), clock.step(4)})
                .containsExactly(0, 0, 1, 2);
    }

    @Test
    void framesThatAreNotTheUsersTakeNoTime() {
        clock.step(1);
        clock.step(2);
        assertThat(new double[] {clock.step(2), clock.step(2), clock.step(2), clock.step(3), clock.step(4)})
                .containsExactly(1, 2, 2, 2, 2);
        assertThat(clock.step(5)).isEqualTo(3);
    }

    @Test
    void restartGoesOnWhereTheUserIs() {
        clock.step(1);
        clock.restart(7);
        assertThat(new double[] {clock.step(8), clock.step(9), clock.step(10)}).containsExactly(7, 7, 8);
    }
}
