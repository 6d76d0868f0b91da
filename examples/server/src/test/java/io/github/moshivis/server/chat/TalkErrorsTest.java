package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.VoiceFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors in the server's own threads: the caller is told, and its slot is free again. */
@Timeout(60)
class TalkErrorsTest {
    private final TestRoom place = new TestRoom();
    private final ChatRoom room = place.room;

    @AfterEach
    void close() {
        place.close();
    }

    /** A format whose decoder cannot be made. */
    private static final class Broken implements VoiceFormat {
        @Override
        public Encoder encoder() {
            return pcm -> new byte[0];
        }

        @Override
        public Decoder decoder() {
            throw new AssertionError("decoder");
        }
    }

    @Test
    void anErrorInTheTalksThreadReachesTheCallerAndFreesTheSlot() throws Exception {
        for (int i = 0; i < 3; i++) {
            TestRoom.Ends line = new TestRoom.Ends();
            room.enter(place.query().voice(new Broken()), line).begin();
            assertThat(line.farewell.get(30, TimeUnit.SECONDS)).isEqualTo(CloseReason.FAILURE);
        }
        place.awaitFreeSlot();
    }

    @Test
    void workThatFailsDoesNotHoldUpTheNext() throws Exception {
        CountDownLatch next = new CountDownLatch(1);

        room.work().execute(() -> {
            throw new AssertionError("work");
        });
        room.work().execute(next::countDown);

        assertThat(next.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPictureThatFailsDoesNotHoldUpTheNext() throws Exception {
        CountDownLatch shown = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        Pictures pictures = new Pictures(new ByteBudget(100), room.work(), new Outbox(new TestRoom.Ends(), () -> {}));
        pictures.follow(picture -> {
            if (tries.incrementAndGet() == 1) {
                throw new AssertionError("picture");
            }
            shown.countDown();
        });

        pictures.take(new byte[] {1});
        while (tries.get() == 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        pictures.take(new byte[] {1});

        assertThat(shown.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
