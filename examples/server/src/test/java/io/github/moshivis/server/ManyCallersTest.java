package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.Message;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many who wait, and many who say nothing: they cost sockets, no threads, and leave nothing behind. */
class ManyCallersTest {
    private static final String PLAIN = "audio_format=pcm&image_resolution=70";

    @Test
    void aHundredWaitInTheirOrder() throws Exception {
        wait(100, 200);
    }

    @Test
    @Tag("stress")
    void fiveHundredWaitInTheirOrderBesideTwoThousandThatSayNothing() throws Exception {
        wait(500, 2000);
    }

    private static void wait(int waiting, int silent) throws Exception {
        try (TestServer server = new TestServer()) {
            server.slots = 1;
            server.queue = waiting;
            server.mostConnections = waiting + silent + 10;
            server.perMinute = 10_000;
            server.imageWait = Duration.ofSeconds(120);
            server.idle = Duration.ofSeconds(120);
            server.start();
            TestCaller talking = server.call(PLAIN).talk();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();

            for (int i = 0; i < silent; i++) {
                server.call(PLAIN);
            }
            List<TestCaller> queue = new ArrayList<>();
            for (int i = 1; i <= waiting; i++) {
                TestCaller caller = server.call(PLAIN).sendPicture();
                awaitPosition(caller, i);
                queue.add(caller);
            }
            assertThat(server.metric("moshivis_queue_length")).isEqualTo(waiting);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads)
                    .as("threads for all of them, Jetty's pool included")
                    .isLessThan(80);

            talking.sendSilence().sendSilence();
            assertThat(talking.next(Message.Audio.class).bytes())
                    .as("the one who talks")
                    .isNotEmpty();

            talking.close();
            for (int i = 0; i < 10; i++) {
                queue.get(i).next(Message.Handshake.class);
                awaitPosition(queue.get(waiting - 1), waiting - 1 - i);
                queue.get(i).close();
            }
            server.callers.forEach(TestCaller::close);
            while (server.metric("moshivis_callers") > 0 || server.metric("moshivis_slots_free") < 1) {
                Thread.sleep(50);
            }
            assertThat(server.metric("moshivis_picture_bytes")).isZero();
            server.call(PLAIN).talk();
        }
    }

    private static void awaitPosition(TestCaller caller, int position) {
        caller.next(Message.Metadata.class, metadata -> metadata.json()
                .equals("{\"queue\":{\"position\":" + position + "}}"));
    }
}
