package io.github.moshivis.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The queue of the reference's page, on a clock of its own. */
class DispatcherTest {
    private int free;
    private int connections;
    private long now;
    private final Dispatcher dispatcher = new Dispatcher(() -> free, () -> connections, () -> now);

    private Dispatcher.Place add() {
        return dispatcher.add().orElseThrow();
    }

    private Dispatcher.Turn check(Dispatcher.Place place) {
        return dispatcher.check(place.id(), place.auth()).orElseThrow();
    }

    private void pass(double seconds) {
        now += Duration.ofMillis((long) (1000 * seconds)).toNanos();
    }

    @Test
    void pagesTakeTheirTurnInTheOrderInWhichTheyCame() {
        Dispatcher.Place first = add();
        Dispatcher.Place second = add();
        connections = 3;
        assertThat(first.id()).as("0 is none to the page").isPositive();
        assertThat(check(second)).isEqualTo(new Dispatcher.Turn(false, 5));
        assertThat(check(first)).isEqualTo(new Dispatcher.Turn(false, 4));

        connections = 0;
        free = 1;
        assertThat(check(second)).as("the slot is the first one's").isEqualTo(new Dispatcher.Turn(false, 2));
        assertThat(check(first)).isEqualTo(new Dispatcher.Turn(true, 0));
        assertThat(check(first)).as("asked again").isEqualTo(new Dispatcher.Turn(true, 0));
        assertThat(check(second)).as("the first one connects").isEqualTo(new Dispatcher.Turn(false, 1));
        pass(5.1);
        assertThat(check(second)).isEqualTo(new Dispatcher.Turn(true, 0));
    }

    @Test
    void aPageThatWasClosedLosesItsPlace() {
        Dispatcher.Place closed = add();
        Dispatcher.Place open = add();
        pass(9);
        assertThat(check(open).position()).isEqualTo(2);
        pass(9);
        assertThat(check(open).position()).isEqualTo(1);
        assertThat(dispatcher.check(closed.id(), closed.auth())).isEmpty();
    }

    @Test
    void onlyThePageThatCameKnowsItsSession() {
        Dispatcher.Place place = add();
        assertThat(dispatcher.check(place.id(), "guessed")).isEmpty();
        assertThat(dispatcher.check(place.id(), null)).isEmpty();
        assertThat(dispatcher.check(place.id() + 1, place.auth())).isEmpty();
        assertThat(add().auth()).isNotEqualTo(place.auth());
    }

    @Test
    void moreThanTenThousandAreTooMany() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(dispatcher.add()).isPresent();
        }
        assertThat(dispatcher.add()).isEmpty();
        pass(10.1);
        assertThat(dispatcher.add()).as("all of them are gone").isPresent();
    }
}
