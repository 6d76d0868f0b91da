package io.github.moshivis.server;

import static io.github.moshivis.server.TestServer.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.client.ChatClient;
import io.github.moshivis.client.ChatSettings;
import io.github.moshivis.client.Message;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioPipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers that vanish, stall, or send what they should not: they get a reason where the socket still works; places and memory return
 * to what they were; and somebody who talks all the while does not notice.
 */
@Timeout(120)
class HostileCallersTest {
    private static final String PLAIN = "audio_format=pcm&image_resolution=70";
    private static final String OPUS = "image_resolution=70";
    private static final TestServer SERVER = new TestServer();

    private static ChatClient bystander;

    @BeforeAll
    static void start() throws IOException {
        SERVER.slots = 3;
        SERVER.queue = 3;
        SERVER.imageWait = Duration.ofSeconds(5);
        SERVER.mostConnections = 3000;
        SERVER.perMinute = 100_000;
        SERVER.start();
        bystander = ChatClient.to(SERVER.server().address())
                .format(VoiceFormat.PCM)
                .image(TestServer.picture())
                .settings(ChatSettings.defaults().imageResolution(70))
                .start(
                        new Hum(Long.MAX_VALUE),
                        AudioPipe.droppingOldest(Duration.ofSeconds(1)).sink());
    }

    @AfterAll
    static void stop() {
        bystander.close();
        SERVER.close();
    }

    @BeforeEach
    void listen() throws Exception {
        until(() -> !bystander.statistics().heard().isZero());
    }

    @AfterEach
    void allIsAsItWas() throws Exception {
        SERVER.callers.forEach(TestCaller::close);
        SERVER.callers.clear();
        until(() -> SERVER.metric("moshivis_callers") == 1);
        until(() -> SERVER.metric("moshivis_slots_free") == SERVER.slots - 1);
        until(() -> SERVER.metric("moshivis_talks") == 1);
        assertThat(SERVER.metric("moshivis_queue_length")).isZero();
        until(() -> SERVER.metric("moshivis_picture_bytes") == 0);
        Duration heard = bystander.statistics().heard();
        until(() -> bystander.statistics().heard().compareTo(heard) > 0); // somebody talks on
    }

    private RawCaller raw(String query) throws IOException {
        return new RawCaller(SERVER.server().port(), query);
    }

    private static void assertSentAway(TestCaller caller, int code, String... words) {
        assertThat(caller.next(Message.Error.class).reason()).contains(words);
        assertThat(caller.closed().code()).isEqualTo(code);
    }

    private static byte[] ogg(int frames) {
        try (OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live())) {
            return encoder.encode(new float[frames * 1920]);
        }
    }

    @Test
    void whoVanishesBeforeThePictureLeavesNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            SERVER.call(PLAIN).vanish();
            raw(PLAIN).reset();
        }
    }

    @Test
    void whoVanishesInMidPictureLeavesNothing() throws Exception {
        byte[] picture = new Message.Image(TestServer.picture()).encode();
        byte[] half = Arrays.copyOf(picture, picture.length / 2);
        SERVER.call(PLAIN).sendPart(half, false).vanish();
        RawCaller caller = raw(PLAIN);
        caller.send(RawCaller.header(RawCaller.BINARY, picture.length));
        caller.send(half);
        until(() -> SERVER.metric("moshivis_picture_bytes") > 0);
        caller.reset();
    }

    @Test
    void whoVanishesWhileThePictureIsLookedAtLeavesNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            SERVER.call(PLAIN).sendPicture().vanish();
        }
    }

    @Test
    void whoVanishesInTheQueueLeavesNothing() throws Exception {
        SERVER.call(PLAIN).talk().sendSilence();
        SERVER.call(PLAIN).talk().sendSilence();
        TestCaller first = SERVER.call(PLAIN).sendPicture();
        assertThat(first.next(Message.Metadata.class, it -> it.json().contains("queue"))
                        .json())
                .contains("\"position\":1");
        TestCaller second = SERVER.call(PLAIN).sendPicture();
        assertThat(second.next(Message.Metadata.class, it -> it.json().contains("queue"))
                        .json())
                .contains("\"position\":2");
        first.vanish();
        assertThat(second.next(Message.Metadata.class).json()).contains("\"position\":1");
    }

    @Test
    void whoVanishesInMidTalkLeavesNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            SERVER.call(PLAIN).talk().sendSilence().sendSilence().vanish();
        }
    }

    @Test
    void whoVanishesInMidPageLeavesNothing() throws Exception {
        byte[] pages = ogg(3);
        SERVER.call(OPUS)
                .talk()
                .send(new Message.Audio(Arrays.copyOf(pages, pages.length - 10)))
                .vanish();
    }

    @Test
    void whoStallsInMidPictureIsSentAway() throws Exception {
        try (RawCaller caller = raw(PLAIN)) {
            caller.send(RawCaller.header(RawCaller.BINARY, 1000));
            caller.send(new byte[] {8, 1, 2, 3});
            assertThat(new String(caller.rest(), StandardCharsets.ISO_8859_1)).contains("No picture came in 5000 ms");
        }
    }

    @Test
    void whoFallsSilentInMidTalkIsSentAway() throws Exception {
        try (TestServer impatient = new TestServer()) {
            impatient.idle = Duration.ofSeconds(1);
            impatient.start();
            assertSentAway(impatient.call(PLAIN).talk().sendSilence(), 1008, "No sound came for 1 s");
        }
    }

    @Test
    void whoDoesNotReadIsDropped() throws Exception {
        double before = SERVER.metric("moshivis_farewells_total{reason=\"timeout\"}");
        ByteArrayOutputStream questions = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            questions.writeBytes(RawCaller.header(RawCaller.BINARY, 1));
            questions.write(0x0A); // a rating without a number, which is answered by a sentence
        }
        try (RawCaller deaf = raw(PLAIN)) {
            until(() -> {
                try {
                    deaf.send(questions.toByteArray());
                } catch (IOException e) {
                    // dropped already
                }
                return SERVER.metric("moshivis_farewells_total{reason=\"timeout\"}") > before;
            });
        }
    }

    @Test
    void messagesOfOneByteAreAnsweredOrIgnored() {
        TestCaller caller = SERVER.call(PLAIN).talk();
        for (int kind = 0; kind < 256; kind++) {
            caller.sendRaw(new byte[] {(byte) kind});
        }
        caller.sendRaw(new byte[0]);
        assertThat(caller.next(Message.Error.class).reason()).contains("nothing after the kind");
        caller.sendSilence().sendSilence().sendSilence();
        assertThat(caller.next(Message.Audio.class).bytes())
                .as("the talk goes on")
                .hasSize(TestCaller.FRAME_BYTES);
    }

    @Test
    void textFramesAreRefused() {
        TestCaller caller = SERVER.call(PLAIN).talk();
        caller.sendText("hello");
        assertSentAway(caller, 1003, "Cannot read a text frame", "binary");
    }

    @Test
    void aPictureOf100MegabytesIsRefusedBeforeItIsThere() throws Exception {
        try (RawCaller caller = raw(PLAIN)) {
            caller.send(RawCaller.header(RawCaller.BINARY, 100 << 20));
            caller.send(new byte[] {8});
            byte[] part = new byte[1 << 16];
            int sent = 0;
            try {
                for (; sent < 100 << 20; sent += part.length) {
                    caller.send(part);
                    assertThat(SERVER.metric("moshivis_picture_bytes")).isLessThan(1 << 21);
                }
            } catch (IOException e) {
                // the server has closed
            }
            assertThat(sent).isLessThan(100 << 20);
        }
        TestCaller told = SERVER.call(PLAIN);
        told.sendRaw(new Message.Image(new byte[(1 << 20) + 1]).encode());
        assertSentAway(told, 1009, "too large", "1048576 bytes", "Send a smaller one");
    }

    @Test
    void aPictureThatWouldFillTheMemoryIsRefusedAndAnotherOneAwaited() throws Exception {
        TestCaller caller = SERVER.call(PLAIN).send(new Message.Image(Bomb.png(60_000)));
        assertThat(caller.next(Message.Error.class).reason()).contains("60000");
        caller.talk();
        caller.send(new Message.Image(Bomb.png(60_000)));
        assertThat(caller.next(Message.Error.class).reason()).contains("60000");
        caller.sendSilence().sendSilence().sendSilence();
        assertThat(caller.next(Message.Audio.class)).as("the talk goes on").isNotNull();
    }

    @Test
    void soundThatIsNoneIsRefused() {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        TestCaller caller = SERVER.call(OPUS).talk();
        for (int from = 0; from < noise.length; from += 1000) {
            try {
                caller.send(new Message.Audio(Arrays.copyOfRange(noise, from, from + 1000)));
            } catch (CompletionException e) {
                break; // the server has closed
            }
        }
        assertSentAway(caller, 1008, "Ogg");
    }

    @Test
    void pagesWithWrongChecksumsAreSkipped() {
        TestCaller caller = SERVER.call(OPUS).talk();
        try (OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live())) {
            for (int frame = 0; frame < 10; frame++) {
                byte[] pages = encoder.encode(new float[1920]);
                if (frame % 3 == 1) {
                    pages[pages.length - 1] ^= 1;
                }
                caller.send(new Message.Audio(pages));
            }
        }
        for (int frame = 0; frame < 6; frame++) {
            assertThat(caller.next(Message.Audio.class)).isNotNull();
        }
    }

    @Test
    void hundredsWhoSayNothingAreSentAwayWithAReason() throws Exception {
        crowdOfSilent(200);
    }

    @Test
    @Tag("stress")
    void thousandsWhoSayNothingAreSentAwayWithAReason() throws Exception {
        crowdOfSilent(2000);
    }

    private void crowdOfSilent(int callers) throws Exception {
        SERVER.call(PLAIN).vanish(); // what is loaded once is loaded
        long before = usedHeap();
        List<RawCaller> silent = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            silent.add(raw(PLAIN));
        }
        TestCaller other = SERVER.call(PLAIN).talk().sendSilence().sendSilence().sendSilence();
        assertThat(other.next(Message.Audio.class))
                .as("there is room for who talks")
                .isNotNull();
        for (RawCaller caller : silent) {
            assertThat(new String(caller.rest(), StandardCharsets.ISO_8859_1)).contains("No picture came in 5000 ms");
            caller.close();
        }
        silent.clear();
        other.close();
        until(() -> SERVER.metric("moshivis_callers") == 1);
        assertThat(usedHeap() - before).as("bytes that stayed").isLessThan(16 << 20);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
