package io.github.moshivis.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import io.github.moshivis.SpeechToText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Bytes and words of the reference's server. */
class AsrMessagesTest {
    private static final JsonNode SERVER =
            Golden.json("stt/e2e/expected_text.json").get("server");

    private static String hex(AsrMessage message) {
        return HexFormat.of().formatHex(message.encode());
    }

    @Test
    void wordsAndEndsAreTheReferencesByteForByte() {
        Golden.Values tokens =
                Golden.tensors("stt/e2e/expected_run_inference.safetensors").get("text_tokens");
        List<String> wanted = new ArrayList<>();
        SERVER.get("events")
                .forEach(event -> wanted.add(event.get("frame").asInt() + " "
                        + event.get("message_hex").asText()));
        List<String> said = new ArrayList<>();
        try (SpeechToText stt = SpeechToText.load(Golden.path("stt/model"))) {
            ServerWords words =
                    new ServerWords(SERVER.get("asr_delay_in_tokens").asInt(), stt::decode);
            int frames = SERVER.get("frames").asInt();
            for (int frame = 0; frame < frames; frame++) {
                for (AsrMessage message : words.next((int) tokens.floats()[frame])) {
                    said.add(frame + " " + hex(message));
                }
            }
        }
        assertThat(said).isEqualTo(wanted);
    }

    @Test
    void otherMessagesAreTheReferencesByteForByte() {
        JsonNode others = SERVER.get("other_messages_hex");
        assertThat(hex(new AsrMessage.Ready())).isEqualTo(others.get("Ready").asText());
        assertThat(hex(new AsrMessage.Marker(7))).isEqualTo(others.get("Marker").asText());
        assertThat(hex(new AsrMessage.Error("no free channels")))
                .isEqualTo(others.get("Error").asText());
    }

    @Test
    void stepsAreTheReferencesByteForByteButForFloatNoise() {
        Golden.Values heads =
                Golden.tensors("stt/e2e/expected_run_inference.safetensors").get("extra_heads");
        for (JsonNode step : SERVER.get("steps")) {
            Golden.Values row = heads.row(step.get("frame").asInt());
            List<Double> pauses = new ArrayList<>();
            for (int head = 0; head < row.shape()[0]; head++) {
                pauses.add((double) row.row(head).floats()[0]);
            }
            assertThat(hex(new AsrMessage.Step(step.get("step_idx").asLong(), pauses, 0)))
                    .isEqualTo(step.get("message_hex").asText());
        }
    }

    @Test
    void clientsMessagesAreRead() throws IOException {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packMapHeader(2).packString("pcm").packArrayHeader(3);
            packer.packFloat(0.5f).packDouble(-0.25).packInt(1);
            packer.packString("type").packString("Audio");
            ClientMessage.Audio audio = (ClientMessage.Audio) ClientMessage.decode(packer.toByteArray());
            assertThat(audio.pcm()).containsExactly(0.5f, -0.25f, 1f);
        }
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packMapHeader(3)
                    .packString("type")
                    .packString("OggOpus")
                    .packString("more")
                    .packNil();
            packer.packString("data").packBinaryHeader(2).writePayload(new byte[] {1, -1});
            assertThat(((ClientMessage.OggOpus) ClientMessage.decode(packer.toByteArray())).data())
                    .containsExactly(1, -1);
        }
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packMapHeader(2)
                    .packString("type")
                    .packString("Marker")
                    .packString("id")
                    .packInt(7);
            assertThat(ClientMessage.decode(packer.toByteArray())).isEqualTo(new ClientMessage.Marker(7));
        }
    }

    @Test
    void hostileMessagesAreRefusedWithoutMemory() {
        for (String hex : new String[] {
            "",
            "c0",
            "81",
            "dfffffffff",
            "82a474797065a5417564696fa370636dddffffffff",
            "82a474797065a5417564696fa370636dc0",
            "82a474797065a74f67674f707573a464617461c6ffffffff",
            "81a474797065a5417564696f",
            "81a474797065a44e6f7065"
        }) {
            assertThatThrownBy(() -> ClientMessage.decode(HexFormat.of().parseHex(hex)))
                    .as(hex)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
    }
}
