package io.github.moshivis.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    void soundBringsSoundAndColouredText() {
        TestCaller caller = SERVER.call("audio_format=pcm&image_resolution=70").talk();
        IntStream.range(0, 6).forEach(i -> caller.sendSilence());
        Message.Audio audio = caller.next(Message.Audio.class);
        assertThat(audio.bytes()).hasSize(TestCaller.FRAME_BYTES);
    }
}
