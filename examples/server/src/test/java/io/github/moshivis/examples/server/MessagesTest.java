package io.github.moshivis.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.audio.OggOpusDecoder;
import io.github.moshivis.audio.OggOpusEncoder;
import io.github.moshivis.audio.OpusSettings;
import io.github.moshivis.examples.client.Message;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every message of the protocol, through a socket, to and from a server with the toy model. */
class MessagesTest {
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
        TestCaller caller = SERVER.call("audio_format=pcm&text_temperature=3.0&image_resolution=448");

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
    void opusInOggIsUnderstoodAndSpoken() {
        TestCaller caller = SERVER.call("image_resolution=70").talk();
        try (OggOpusEncoder encoder = new OggOpusEncoder(OpusSettings.live());
                OggOpusDecoder decoder = new OggOpusDecoder()) {
            for (int i = 0; i < 8; i++) {
                caller.send(new Message.Audio(encoder.encode(new float[1920])));
            }
            byte[] first = caller.next(Message.Audio.class).bytes();
            assertThat(first).as("header pages come with the first sound").startsWith('O', 'g', 'g', 'S');
            float[] heard = decoder.decode(first);
            while (heard.length == 0) {
                heard = decoder.decode(caller.next(Message.Audio.class).bytes());
            }
            assertThat(decoder.damagedPages()).isZero();
        }
    }

    @Test
    void soundBringsSoundAndColouredText() {
        TestCaller caller = SERVER.call("audio_format=pcm&image_resolution=70").talk();
        IntStream.range(0, 6).forEach(i -> caller.sendSilence());
        Message.Audio audio = caller.next(Message.Audio.class);
        assertThat(audio.bytes()).hasSize(TestCaller.FRAME_BYTES);
    }
}
