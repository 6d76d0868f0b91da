package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import io.github.moshivis.client.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden set {@code e2e} through a socket: the text messages are the reference's, byte for byte. Sound is plain, so nothing is lost. */
class GoldenSocketTest {
    private static final TestServer SERVER = new TestServer();

    @BeforeAll
    static void start() throws IOException {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @ParameterizedTest(name = "image from step {0}")
    @ValueSource(ints = {0, 10})
    void sendsTheReferencesMessages(int start) throws IOException {
        int imageSize = Golden.json("e2e/run.json").get("image_size").asInt();
        TestCaller caller =
                SERVER.call("audio_format=pcm&text_temperature=0&audio_temperature=0&repetition_penalty=1&xa_start="
                        + start + "&image_resolution=" + imageSize);
        caller.talk();

        JsonNode expected =
                Golden.json("e2e/expected_text_xa_start" + start + ".json").get("messages");
        List<String> reference = StreamSupport.stream(expected.spliterator(), false)
                .map(message -> message.get("message_hex").asText())
                .toList();
        assertThat(converse(caller, Voice.frames(), reference.size())).isEqualTo(reference);
        caller.close();
    }

    /**
     * Never more than one frame ahead of the answers: a live caller that is too quick loses frames. Texts come on another thread than sound, the
     * last ones perhaps after it.
     */
    private static List<String> converse(TestCaller caller, List<byte[]> frames, int expected) {
        List<String> texts = new ArrayList<>();
        for (int sent = 0; sent < frames.size(); sent++) {
            caller.send(new Message.Audio(frames.get(sent)));
            if (sent > 0) {
                collectUntilSound(caller, texts);
            }
        }
        while (texts.size() < expected) {
            caller.send(new Message.Audio(new byte[TestCaller.FRAME_BYTES]));
            collectUntilSound(caller, texts);
        }
        return texts.subList(0, expected);
    }

    private static void collectUntilSound(TestCaller caller, List<String> texts) {
        for (Message message = caller.next(); !(message instanceof Message.Audio); message = caller.next()) {
            texts.add(HexFormat.of().formatHex(message.encode()));
        }
    }
}
