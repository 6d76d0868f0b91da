package io.github.moshivis.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.client.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserTranscriptTest {
    private final UserTranscript user = new UserTranscript(new Events());
    private final List<JsonNode> events = new ArrayList<>();

    private void take(List<byte[]> frames) throws IOException {
        for (byte[] frame : frames) {
            events.add(new ObjectMapper().readTree(frame));
        }
    }

    @Test
    void turnIsAnItemOfDeltas() throws IOException {
        take(user.word(new Message.UserWord(0, false, 0.48f, "boa")));
        take(user.word(new Message.UserWord(0, true, 0.48f, "boat")));
        take(user.word(new Message.UserWord(1, true, 0.8f, "sails.")));
        take(user.turn(new Message.UserTurn(2)));
        take(user.turn(new Message.UserTurn(3)));
        take(user.word(new Message.UserWord(2, true, 4, "More")));
        take(user.close());
        String transcription = "conversation.item.input_audio_transcription.";
        assertThat(events)
                .extracting(event -> event.get("type").asText())
                .containsExactly(
                        "input_audio_buffer.speech_started",
                        transcription + "delta",
                        transcription + "delta",
                        "input_audio_buffer.speech_stopped",
                        transcription + "completed",
                        "input_audio_buffer.speech_started",
                        transcription + "delta",
                        "input_audio_buffer.speech_stopped",
                        transcription + "completed");
        assertThat(events.get(0).get("audio_start_ms").asInt()).isEqualTo(480);
        assertThat(events.get(3).get("audio_end_ms").asInt()).isEqualTo(2000);
        assertThat(events.get(4).get("transcript").asText()).isEqualTo("boat sails.");
        assertThat(events.subList(0, 5))
                .extracting(event -> event.get("item_id").asText())
                .containsOnly(events.get(0).get("item_id").asText());
        assertThat(events.get(5).get("item_id")).isNotEqualTo(events.get(0).get("item_id"));
    }
}
