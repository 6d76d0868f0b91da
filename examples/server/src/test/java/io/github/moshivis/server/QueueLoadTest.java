package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.ChatClient;
import io.github.moshivis.client.ChatListener;
import io.github.moshivis.client.ChatSettings;
import io.github.moshivis.client.Message;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many more callers than places: the queue is fair, nobody is forgotten, and the server is well afterwards. */
class QueueLoadTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Somebody who hums until the model is heard; and where it stood, and when its turn was. */
    private static final class Waiting implements ChatListener, AudioSink {
        private final Hum voice = new Hum(Long.MAX_VALUE);
        private final AtomicInteger turns;
        private final List<Integer> positions = new CopyOnWriteArrayList<>();
        private final CountDownLatch placed = new CountDownLatch(1);
        private volatile int turn;

        Waiting(AtomicInteger turns) {
            this.turns = turns;
        }

        @Override
        public void onQueue(int position) {
            positions.add(position);
            placed.countDown();
        }

        @Override
        public void onHandshake(Message.Handshake handshake) {
            turn = turns.incrementAndGet();
            placed.countDown();
        }

        @Override
        public void write(float[] samples, int offset, int length) {
            voice.close();
        }

        @Override
        public void close() {}
    }

    @Test
    @Timeout(120)
    void aFewPlacesAreSharedByMany() throws Exception {
        crowd(40, 4);
    }

    @Test
    @Tag("stress")
    @Timeout(900)
    void eightPlacesAreSharedBy500() throws Exception {
        crowd(500, 8);
    }

    private static void crowd(int callers, int slots) throws Exception {
        try (TestServer server = new TestServer()) {
            server.slots = slots;
            server.queue = callers;
            server.mostConnections = callers + 1;
            server.perMinute = 100 * callers;
            server.start();
            AtomicInteger turns = new AtomicInteger();
            List<Waiting> crowd = new ArrayList<>();
            List<ChatClient> chats = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                Waiting caller = new Waiting(turns);
                crowd.add(caller);
                chats.add(ChatClient.to(server.server().address())
                        .format(VoiceFormat.PCM)
                        .image(TestServer.picture())
                        .settings(ChatSettings.defaults().imageResolution(70))
                        .listener(caller)
                        .silenceTimeout(TIMEOUT)
                        .linger(Duration.ofMillis(50))
                        .start(caller.voice, caller));
                assertThat(caller.placed.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
            for (int i = 0; i < callers; i++) {
                chats.get(i).join();
                assertThat(chats.get(i).statistics().heard())
                        .as("caller %d is answered", i)
                        .isPositive();
                assertThat(crowd.get(i).turn)
                        .as("caller %d overtakes nobody, but for those who are let in at once", i)
                        .isGreaterThan(i + 1 - slots);
                assertThat(crowd.get(i).positions)
                        .as("caller %d only moves forward", i)
                        .isSortedAccordingTo((a, b) -> b - a);
            }
            assertThat(server.metric("moshivis_queue_length")).isZero();
            TestCaller last =
                    server.call("audio_format=pcm&image_resolution=70").talk();
            last.sendSilence().sendSilence().sendSilence();
            assertThat(last.next(Message.Audio.class)).as("one more talks").isNotNull();
        }
    }
}
