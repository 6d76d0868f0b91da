package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.audio.OggOpusDecoder;
import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.client.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every message of the protocol, through a socket, to and from a server with the toy model. */
class MessagesTest {
    private static final String PLAIN = "audio_format=pcm&image_resolution=70";
    private static final TestServer SERVER = new TestServer();

    @BeforeAll
    static void start() throws IOException {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void hangUp() {
        SERVER.callers.forEach(TestCaller::close);
    }

    @Test
    void metadataComesAtOnceThenThePictureBringsTheHandshake() throws IOException {
        TestCaller caller = SERVER.call(PLAIN + "&text_temperature=3.0&text_seed=7");

        JsonNode metadata = new ObjectMapper().readTree(((Message.Metadata) caller.next()).json());
        assertThat(metadata.get("text_temperature").asDouble()).isEqualTo(1.2);
        assertThat(metadata.at("/clamped/text_temperature/asked").asDouble()).isEqualTo(3);
        assertThat(metadata.at("/clamped/text_temperature/used").asDouble()).isEqualTo(1.2);
        assertThat(metadata.get("clamped"))
                .as("what was within its range is not mentioned")
                .hasSize(1);

        caller.sendPicture();
        assertThat(caller.next()).isEqualTo(Message.Handshake.CURRENT);
    }

    @Test
    void metadataHasEveryFieldOfTheReferencesSchemaAndNoPath() throws IOException {
        String json = SERVER.call("").next(Message.Metadata.class).json();
        JsonNode metadata = new ObjectMapper().readTree(json);

        for (String number : new String[] {
            "text_temperature",
            "text_topk",
            "text_temperature_gating_influence",
            "audio_temperature",
            "audio_topk",
            "pad_mult",
            "repetition_penalty_context",
            "repetition_penalty",
            "image_resolution"
        }) {
            assertThat(metadata.get(number).isNumber()).as(number).isTrue();
        }
        for (String text : new String[] {"lm_model_file", "instance_name", "base_filename"}) {
            assertThat(metadata.get(text).isTextual()).as(text).isTrue();
            assertThat(metadata.get(text).asText()).doesNotContain("/");
        }
        for (String text : new String[] {
            "build_timestamp",
            "build_date",
            "git_branch",
            "git_timestamp",
            "git_date",
            "git_hash",
            "git_describe",
            "rustc_host_triple",
            "rustc_version",
            "cargo_target_triple"
        }) {
            assertThat(metadata.at("/build_info/" + text).isTextual()).as(text).isTrue();
        }
    }

    @Test
    void soundBringsSound() {
        TestCaller caller = SERVER.call(PLAIN).talk();
        IntStream.range(0, 4).forEach(i -> caller.sendSilence());
        assertThat(caller.next(Message.Audio.class).bytes()).hasSize(TestCaller.FRAME_BYTES);
    }

    @Test
    void textIsColoredOrPlainAsAsked() {
        TestCaller colored = SERVER.call(PLAIN).talk();
        assertThat(speakUntil(colored, Message.ColoredText.class).text()).isNotEmpty();

        TestCaller plain = SERVER.call(PLAIN + "&text_format=plain").talk();
        assertThat(speakUntil(plain, Message.Text.class).text()).isNotEmpty();
    }

    /** The toy says something in nearly every frame. */
    private static <M extends Message> M speakUntil(TestCaller caller, Class<M> kind) {
        for (int i = 0; i < 60; i++) {
            caller.sendSilence();
            if (i > 0) {
                caller.next(Message.Audio.class);
            }
            for (Message message : caller.received) {
                if (kind.isInstance(message)) {
                    return kind.cast(message);
                }
            }
        }
        return caller.next(kind);
    }

    @Test
    void opusInOggIsUnderstoodAndSpoken() {
        TestCaller caller = SERVER.call("image_resolution=70").talk();
        try (OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live());
                OggOpusDecoder decoder = new OggOpusDecoder()) {
            for (int i = 0; i < 8; i++) {
                byte[] pages = encoder.encode(new float[1920]);
                int cut = pages.length / 3;
                caller.send(new Message.Audio(Arrays.copyOf(pages, cut)));
                caller.send(new Message.Audio(Arrays.copyOfRange(pages, cut, pages.length)));
            }
            byte[] first = caller.next(Message.Audio.class).bytes();
            assertThat(new String(first, StandardCharsets.ISO_8859_1))
                    .as("header pages come with the first sound")
                    .startsWith("OggS")
                    .contains("OpusHead", "OpusTags");
            float[] heard = decoder.decode(first);
            while (heard.length == 0) {
                heard = decoder.decode(caller.next(Message.Audio.class).bytes());
            }
            assertThat(decoder.damagedPages()).isZero();
        }
    }

    @Test
    void soundThatCameBeforeTheHandshakeDoesNoHarm() {
        TestCaller caller = SERVER.call("image_resolution=70");
        try (OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live())) {
            for (int i = 0; i < 50; i++) {
                caller.send(new Message.Audio(encoder.encode(new float[1920])));
            }
            caller.talk();
            for (int i = 0; i < 8; i++) {
                caller.send(new Message.Audio(encoder.encode(new float[1920])));
            }
            assertThat(caller.next(Message.Audio.class).bytes()).isNotEmpty();
        }
    }

    @Test
    void aPingIsAnsweredAndWhatIsNotKnownIsIgnored() {
        TestCaller caller = SERVER.call(PLAIN).talk();
        caller.send(new Message.Unknown(0x63, new byte[] {1, 2}))
                .send(new Message.Control(Message.Control.Action.PAUSE))
                .send(new Message.Text("servers say this, not clients"))
                .send(new Message.Ping());
        assertThat(caller.next()).isEqualTo(new Message.Ping());
    }

    @Test
    void aMessageThatCannotBeReadIsAnsweredWithItsFaultAndTheTalkGoesOn() {
        TestCaller caller = SERVER.call(PLAIN).talk();
        caller.sendRaw(new byte[] {0x0A, 99});
        assertThat(caller.next(Message.Error.class).reason()).contains("99").contains("1 to 5");
        caller.sendRaw(new byte[0]);
        assertThat(caller.next(Message.Error.class).reason()).isNotBlank();
        caller.send(new Message.Ping());
        assertThat(caller.next()).isEqualTo(new Message.Ping());
    }

    @Test
    void aMessageMayComeInSingleBytes() {
        TestCaller caller = SERVER.call(PLAIN);
        byte[] picture = new Message.Image(TestServer.picture()).encode();
        for (int i = 0; i < 200; i++) {
            caller.sendPart(new byte[] {picture[i]}, false);
        }
        caller.sendPart(Arrays.copyOfRange(picture, 200, picture.length), true);
        caller.next(Message.Handshake.class);
    }

    @Test
    void aRatingIsCounted() throws Exception {
        double before = SERVER.metric("moshivis_ratings_total{stars=\"4\"}");
        TestCaller caller = SERVER.call(PLAIN).talk();
        caller.send(new Message.Rating(4)).send(new Message.Ping()).next(Message.Ping.class);
        assertThat(SERVER.metric("moshivis_ratings_total{stars=\"4\"}")).isEqualTo(before + 1);
    }

    @Test
    void aPictureThatCannotBeReadIsRefusedAndAnotherOneAwaited() {
        TestCaller caller = SERVER.call(PLAIN);
        byte[] garbage = "no picture at all".getBytes(StandardCharsets.UTF_8);
        caller.send(new Message.Image(garbage));
        assertThat(caller.next(Message.Error.class).reason()).contains("picture");
        caller.send(new Message.Image(garbage));
        assertThat(caller.next(Message.Error.class).reason())
                .as("the same again")
                .contains("picture");
        caller.talk();
    }

    @Test
    void aPictureInTheTalkIsTakenAndABadOneChangesNothing() {
        TestCaller caller = SERVER.call(PLAIN).talk();
        caller.sendPicture().sendPicture();
        caller.send(new Message.Image(new byte[] {1, 2, 3}));
        assertThat(caller.next(Message.Error.class).reason()).contains("picture");
        IntStream.range(0, 3).forEach(i -> caller.sendSilence());
        assertThat(caller.next(Message.Audio.class).bytes()).isNotEmpty();
        assertThat(caller.closed).isNotDone();
    }

    @Test
    void soundThatIsNoneEndsTheTalkWithAReason() {
        TestCaller caller = SERVER.call("image_resolution=70").talk();
        byte[] garbage = new byte[60_000];
        Arrays.fill(garbage, (byte) 7);
        try {
            for (int i = 0; i < 8; i++) {
                caller.send(new Message.Audio(garbage));
            }
        } catch (CompletionException e) {
            assertThat(e).as("the server has closed before all was sent").hasRootCauseInstanceOf(IOException.class);
        }
        assertThat(caller.next(Message.Error.class).reason()).contains("Ogg");
        assertThat(caller.closed().code()).isEqualTo(1008);
    }

    @Test
    void aTextFrameIsRefused() {
        TestCaller caller = SERVER.call(PLAIN);
        caller.sendText("hello");
        assertThat(caller.next(Message.Error.class).reason()).contains("binary");
        assertThat(caller.closed().code()).isEqualTo(1003);
    }

    @Test
    void aPictureLargerThanAllowedIsRefusedWhileItComes() {
        TestCaller caller = SERVER.call(PLAIN);
        byte[] part = new byte[100_000];
        part[0] = 8;
        try {
            for (int i = 0; i < 11; i++) {
                caller.sendPart(part, false);
            }
        } catch (CompletionException e) {
            assertThat(e).as("the server has closed before all was sent").hasRootCauseInstanceOf(IOException.class);
        }
        assertThat(caller.next(Message.Error.class).reason())
                .contains("too large")
                .contains("1048576");
        assertThat(caller.closed().code()).isEqualTo(1009);
    }

    @Test
    void anythingElseLargeIsRefused() {
        TestCaller caller = SERVER.call(PLAIN).talk();
        caller.send(new Message.Audio(new byte[70_000]));
        assertThat(caller.next(Message.Error.class).reason()).contains("too large");
        assertThat(caller.closed().code()).isEqualTo(1009);
    }
}
