package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who talks and who waits, on a server with one slot and room for three in its queue, where a client need not bring a picture. */
class QueueTest {
    private static final String PLAIN = "audio_format=pcm&image_resolution=70";
    private static final TestServer SERVER = new TestServer();

    @BeforeAll
    static void start() throws IOException {
        SERVER.slots = 1;
        SERVER.queue = 3;
        SERVER.image = ImageMode.OPTIONAL;
        SERVER.imageWait = Duration.ofMillis(700);
        SERVER.idle = Duration.ofSeconds(4);
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void everybodyLeavesAndTheSlotComesBack() {
        SERVER.callers.forEach(TestCaller::vanish);
        awaitFree(1);
    }

    private static void awaitFree(int slots) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            while (SERVER.metric("moshivis_slots_free") != slots || SERVER.metric("moshivis_callers") != 0) {
                Thread.sleep(20);
            }
        });
        assertThat(metric("moshivis_queue_length")).isZero();
        assertThat(metric("moshivis_picture_bytes")).isZero();
    }

    private static double metric(String name) {
        try {
            return SERVER.metric(name);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int position(TestCaller caller) {
        String json = caller.next(
                        Message.Metadata.class, metadata -> metadata.json().contains("queue"))
                .json();
        return Integer.parseInt(json.replaceAll("\\D", ""));
    }

    @Test
    void readinessCanMeanThatNobodyNeedsToWait() throws Exception {
        assertThat(SERVER.get("/readyz?free=1").statusCode()).isEqualTo(200);
        SERVER.call(PLAIN).talk();
        assertThat(SERVER.get("/readyz?free=1").statusCode()).isEqualTo(503);
        assertThat(SERVER.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void callersWaitInTheOrderOfTheirComingAndHearWhereTheyAre() {
        TestCaller first = SERVER.call(PLAIN).talk();
        List<TestCaller> waiting = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            TestCaller caller = SERVER.call(PLAIN).sendPicture();
            assertThat(position(caller)).isEqualTo(i);
            waiting.add(caller);
        }

        TestCaller tooMany = SERVER.call(PLAIN).sendPicture();
        assertThat(tooMany.next(Message.Error.class).reason())
                .contains("queue is full")
                .contains("3");
        assertThat(tooMany.closed().code()).isEqualTo(1013);

        waiting.get(0).vanish();
        assertThat(position(waiting.get(1))).as("who leaves makes room").isEqualTo(1);
        assertThat(position(waiting.get(2))).isEqualTo(2);

        first.close();
        waiting.get(1).next(Message.Handshake.class);
        assertThat(position(waiting.get(2))).isEqualTo(1);
        waiting.get(1).close();
        waiting.get(2).next(Message.Handshake.class);
    }

    @Test
    void whoSendsNoPictureInTimeTalksWithoutOne() {
        TestCaller caller = SERVER.call(PLAIN);
        caller.next(Message.Handshake.class);
        caller.sendSilence().sendSilence();
        assertThat(caller.next(Message.Audio.class).bytes()).isNotEmpty();
        caller.sendPicture().send(new Message.Ping()).next(Message.Ping.class);
    }

    @Test
    void whoTalksAtOnceNeedsNoPicture() {
        TestCaller caller = SERVER.call(PLAIN);
        caller.sendSilence();
        caller.next(Message.Handshake.class);
    }

    @Test
    void whoSendsNoSoundIsLetGoAndTheNextOneTalks() {
        TestCaller silent = SERVER.call(PLAIN).talk();
        TestCaller next = SERVER.call(PLAIN).sendPicture();
        assertThat(position(next)).isEqualTo(1);
        assertThat(silent.next(Message.Error.class).reason())
                .contains("No sound")
                .contains("4 s");
        assertThat(silent.closed().code()).isEqualTo(1008);
        next.next(Message.Handshake.class);
    }

    @Test
    void whoVanishesInAnyStateLeavesNothingBehind() {
        SERVER.call(PLAIN).vanish();
        TestCaller inPicture = SERVER.call(PLAIN);
        byte[] half = new byte[50_000];
        half[0] = 8;
        inPicture.sendPart(half, false);
        inPicture.vanish();
        TestCaller opening = SERVER.call(PLAIN).sendPicture();
        opening.vanish();
        TestCaller talking = SERVER.call(PLAIN).talk();
        talking.sendSilence().sendPart(new byte[] {1, 2, 3}, false);
        TestCaller queued = SERVER.call(PLAIN).sendPicture();
        position(queued);
        queued.vanish();
        talking.vanish();
        // looked at after each test: slots, queue, pictures
    }

    @Test
    void aBadPictureCostsTheTurnButNotThePlaceAtTheFront() {
        TestCaller first = SERVER.call(PLAIN).talk();
        TestCaller clumsy = SERVER.call(PLAIN).send(new Message.Image(new byte[] {1, 2, 3}));
        TestCaller patient = SERVER.call(PLAIN).sendPicture();
        assertThat(position(clumsy)).isEqualTo(1);
        assertThat(position(patient)).isEqualTo(2);
        first.close();
        assertThat(clumsy.next(Message.Error.class).reason()).contains("picture");
        patient.next(Message.Handshake.class);
        TestCaller third = SERVER.call(PLAIN).sendPicture();
        assertThat(position(third)).isPositive();
        patient.close();
        clumsy.next(Message.Handshake.class);
    }
}
