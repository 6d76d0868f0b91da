package io.github.moshivis.server;

import static io.github.moshivis.server.TestServer.until;
import static org.assertj.core.api.Assertions.assertThat;

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
        start(SERVER);
    }

    private static void start(TestServer server) throws IOException {
        server.slots = 1;
        server.queue = 3;
        server.image = ImageMode.OPTIONAL;
        server.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void everybodyLeavesAndTheSlotComesBack() throws Exception {
        SERVER.callers.forEach(TestCaller::vanish);
        until(() -> SERVER.metric("moshivis_slots_free") == 1 && SERVER.metric("moshivis_callers") == 0);
        until(() -> SERVER.metric("moshivis_queue_length") == 0 && SERVER.metric("moshivis_picture_bytes") == 0);
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
    void whoSendsNoPictureInTimeTalksWithoutOne() throws IOException {
        try (TestServer hasty = new TestServer()) {
            hasty.imageWait = Duration.ofMillis(300);
            start(hasty);
            TestCaller caller = hasty.call(PLAIN);
            caller.next(Message.Handshake.class);
            caller.sendSilence().sendSilence();
            assertThat(caller.next(Message.Audio.class).bytes()).isNotEmpty();
            caller.sendPicture().send(new Message.Ping()).next(Message.Ping.class);
        }
    }

    @Test
    void whoTalksAtOnceNeedsNoPicture() {
        TestCaller caller = SERVER.call(PLAIN);
        caller.sendSilence();
        caller.next(Message.Handshake.class);
    }

    @Test
    void whoSendsNoSoundIsLetGoAndTheNextOneTalks() throws IOException {
        try (TestServer impatient = new TestServer()) {
            impatient.idle = Duration.ofSeconds(2);
            start(impatient);
            TestCaller silent = impatient.call(PLAIN).talk();
            TestCaller next = impatient.call(PLAIN).sendPicture();
            assertThat(silent.next(Message.Error.class).reason())
                    .contains("No sound")
                    .contains("2 s");
            assertThat(silent.closed().code()).isEqualTo(1008);
            next.next(Message.Handshake.class);
        }
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
        assertThat(position(third)).isEqualTo(1);
        clumsy.sendPicture();
        assertThat(position(third)).as("behind who has a picture at last").isEqualTo(2);
        patient.close();
        clumsy.next(Message.Handshake.class);
    }
}
