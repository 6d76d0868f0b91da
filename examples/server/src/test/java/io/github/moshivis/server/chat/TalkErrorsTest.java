package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.client.Message;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors in the server's own threads: the caller is told, and its slot is free again. */
@Timeout(60)
class TalkErrorsTest {
    private static final ChatOptions OPTIONS = new ChatOptions(
            "test",
            "toy",
            ImageMode.NONE,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            1,
            10,
            Optional.empty(),
            448,
            1 << 20,
            Map.of(),
            Map.of(),
            Optional.empty(),
            false,
            VoiceOptions.DEFAULT);

    private final ChatRoom room = new ChatRoom(OPTIONS);
    private MoshiVis model;

    @BeforeEach
    void load() {
        model = MoshiVis.load(Golden.path("e2e/model"));
        room.open(model, ModelFeatures.of(model, VoiceOptions.DEFAULT));
    }

    @AfterEach
    void close() {
        room.close();
        model.close();
    }

    /** A connection of which only the end matters. */
    private static final class Ends implements Line {
        private final CompletableFuture<Farewell> farewell = new CompletableFuture<>();

        @Override
        public List<byte[]> encode(Message message) {
            return List.of();
        }

        @Override
        public List<byte[]> goodbye(Farewell why, String reason) {
            return List.of();
        }

        @Override
        public void send(byte[] frame, Runnable sent) {
            sent.run();
        }

        @Override
        public void ping() {}

        @Override
        public void hangUp(Farewell why, String reason) {
            farewell.complete(why);
        }

        @Override
        public void disconnect() {}
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
        Query query = Query.of(Map.of(), OPTIONS, ModelFeatures.of(model, VoiceOptions.DEFAULT));
        for (int i = 0; i < 3; i++) {
            Ends line = new Ends();
            room.enter(query.voice(new Broken()), line).begin();
            assertThat(line.farewell.get(30, TimeUnit.SECONDS)).isEqualTo(Farewell.FAILURE);
        }
        while (room.freeSlots() < OPTIONS.slots()) {
            TimeUnit.MILLISECONDS.sleep(10); // a slot is given back after the farewell
        }
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
        Pictures pictures = new Pictures(new ByteBudget(100), room.work(), new Outbox(new Ends(), () -> {}));
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
