package io.github.moshivis.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import io.github.moshivis.SpeechToText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Bytes and words of the reference's server. */
class AsrMessagesTest {
    /** An array of four float32 numbers. */
    private static final String FOUR_FLOATS = "94(ca[0-9a-f]{8}){4}";

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
            String wanted = step.get("message_hex").asText();
            String found = hex(new AsrMessage.Step(step.get("step_idx").asLong(), pauses, 0));
            assertThat(found.replaceFirst(FOUR_FLOATS, "")).isEqualTo(wanted.replaceFirst(FOUR_FLOATS, ""));
            assertThat(floats(found)).hasSameSizeAs(floats(wanted));
            for (int head = 0; head < pauses.size(); head++) {
                assertThat(floats(found).get(head)).isCloseTo(floats(wanted).get(head), within(1e-6f));
            }
        }
    }

    private static List<Float> floats(String message) {
        Matcher array = Pattern.compile(FOUR_FLOATS).matcher(message);
        assertThat(array.find()).isTrue();
        return Pattern.compile("ca([0-9a-f]{8})")
                .matcher(array.group())
                .results()
                .map(each -> Float.intBitsToFloat(Integer.parseUnsignedInt(each.group(1), 16)))
                .toList();
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
