package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.client.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * The user's words as events: a turn is an item, whose speech starts with its first word and stops where the model detects the end of the
 * turn. Final words are deltas. Used by one thread at a time.
 */
final class UserTranscript {
    private static final double MILLIS = 1000;

    private final Events events;
    private final StringBuilder words = new StringBuilder();
    private String item;
    private double lastStart;

    UserTranscript(Events events) {
        this.events = events;
    }

    /** Encodes a word, which may not be final yet. */
    List<byte[]> word(Message.UserWord word) {
        List<byte[]> out = new ArrayList<>();
        lastStart = word.start();
        if (item == null) {
            item = events.id("item");
            words.setLength(0);
            out.add(Events.bytes(events.event("input_audio_buffer.speech_started")
                    .put("audio_start_ms", Math.round(MILLIS * word.start()))
                    .put("item_id", item)));
        }
        if (word.isFinal()) {
            String delta = words.length() == 0 ? word.text() : " " + word.text();
            words.append(delta);
            out.add(Events.bytes(part("delta").put("delta", delta)));
        }
        return out;
    }

    /** Encodes the end of the turn. */
    List<byte[]> turn(Message.UserTurn turn) {
        return stop(turn.time());
    }

    /** Encodes the end of the connection, which also ends the turn. */
    List<byte[]> close() {
        return stop(lastStart);
    }

    private List<byte[]> stop(double time) {
        if (item == null) {
            return List.of();
        }
        ObjectNode stopped = events.event("input_audio_buffer.speech_stopped")
                .put("audio_end_ms", Math.round(MILLIS * time))
                .put("item_id", item);
        ObjectNode completed = part("completed").put("transcript", words.toString());
        item = null;
        return List.of(Events.bytes(stopped), Events.bytes(completed));
    }

    private ObjectNode part(String kind) {
        return events.event("conversation.item.input_audio_transcription." + kind)
                .put("item_id", item)
                .put("content_index", 0);
    }
}
