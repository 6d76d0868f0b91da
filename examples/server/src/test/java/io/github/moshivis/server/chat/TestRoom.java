package io.github.moshivis.server.chat;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A room with one slot of the golden model and no network, for tests. */
public final class TestRoom implements AutoCloseable {
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

    public final ChatRoom room = new ChatRoom(OPTIONS);
    private final MoshiVis model = MoshiVis.load(Golden.path("e2e/model"));

    public TestRoom() {
        room.open(model, ModelFeatures.of(model, VoiceOptions.DEFAULT));
    }

    /** Settings of a caller that asks for nothing. */
    public Query query() {
        return room.query(Map.of());
    }

    /** Waits until the talk's slot is given back, which it is after the farewell. */
    public void awaitFreeSlot() throws InterruptedException {
        while (room.freeSlots() < OPTIONS.slots()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Override
    public void close() {
        room.close();
        model.close();
    }

    /** A connection of which only the end matters. */
    public static class Ends implements Line {
        final CompletableFuture<CloseReason> farewell = new CompletableFuture<>();

        @Override
        public List<byte[]> encode(Message message) {
            return List.of();
        }

        @Override
        public List<byte[]> goodbye(CloseReason why, String reason) {
            return List.of();
        }

        @Override
        public void send(byte[] frame, Runnable sent) {
            sent.run();
        }

        @Override
        public void ping() {}

        @Override
        public void hangUp(CloseReason why, String reason) {
            farewell.complete(why);
        }

        @Override
        public void disconnect() {}
    }
}
