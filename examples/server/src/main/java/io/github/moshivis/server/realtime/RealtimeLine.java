package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.CloseReason;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Encodes messages to one caller as events. Used by one thread at a time, in the order of sending. */
final class RealtimeLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Events events = new Events();
    private final String session = events.id("sess");
    private final SpokenResponse response;
    private final UserTranscript user = new UserTranscript(events);
    private Dialect dialect;
    private RealtimeSettings settings;
    private boolean created;

    RealtimeLine(Dialect dialect, RealtimeSettings settings) {
        this.dialect = dialect;
        this.settings = settings;
        this.response = new SpokenResponse(events, dialect);
    }

    /** Sets the protocol version and the settings from the next event on. */
    List<byte[]> speak(Dialect changed, RealtimeSettings now) {
        dialect = changed;
        settings = now;
        response.speak(changed);
        return List.of();
    }

    SpokenResponse response() {
        return response;
    }

    /** Encodes a protocol-specific event. */
    ObjectNode event(String type) {
        return events.event(type);
    }

    String id(String kind) {
        return events.id(kind);
    }

    /** Encodes the addition of an item to the conversation. */
    List<byte[]> added(ObjectNode item) {
        List<byte[]> out = new ArrayList<>();
        List<String> types = dialect == Dialect.GA
                ? List.of("conversation.item.added", "conversation.item.done")
                : List.of("conversation.item.created");
        for (String type : types) {
            ObjectNode event = events.event(type).putNull("previous_item_id");
            event.set("item", item);
            out.add(Events.bytes(event));
        }
        return out;
    }

    /** Encodes an error of the client; the conversation continues. */
    List<byte[]> error(String code, String message, String cause) {
        return List.of(Events.bytes(events.error("invalid_request_error", code, message, cause)));
    }

    List<byte[]> encode(Message message) {
        if (message instanceof Message.Audio audio) {
            return response.audio(audio.bytes());
        } else if (message instanceof Message.ColoredText text) {
            return response.text(text.text(), OptionalInt.of(text.level()));
        } else if (message instanceof Message.Text text) {
            return response.text(text.text(), OptionalInt.empty());
        } else if (message instanceof Message.Handshake) {
            return response.begin();
        } else if (message instanceof Message.Metadata metadata) {
            return List.of(Events.bytes(metadata(metadata.json())));
        } else if (message instanceof Message.UserWord word) {
            return user.word(word);
        } else if (message instanceof Message.UserTurn turn) {
            return user.turn(turn);
        } else if (message instanceof Message.Error error) {
            return error("invalid_media", error.reason(), null);
        }
        return List.of();
    }

    private ObjectNode metadata(String json) {
        JsonNode metadata = tree(json);
        if (metadata.has("queue")) {
            ObjectNode queued = events.event(RealtimeSettings.VENDOR + ".queue");
            return queued.put(
                    "position", metadata.path("queue").path("position").asInt());
        }
        if (metadata.has("stopping")) {
            ObjectNode stopping = events.event(RealtimeSettings.VENDOR + ".stopping");
            return stopping.put(
                    "seconds", metadata.path("stopping").path("seconds").asInt());
        }
        ObjectNode event = events.event(created ? "session.updated" : "session.created");
        created = true;
        event.set("session", settings.session(dialect, session, metadata));
        return event;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The server's own metadata is no JSON", e);
        }
    }

    List<byte[]> goodbye(CloseReason closeReason, String reason) {
        List<byte[]> out = new ArrayList<>(user.close());
        out.addAll(
                switch (closeReason) {
                    case FINISHED, STOPPING -> response.close("completed", null);
                    case FAILURE -> response.close("failed", "server_error");
                    default -> response.close("incomplete", closeReason.label());
                });
        boolean ours = closeReason == CloseReason.FAILURE
                || closeReason == CloseReason.STOPPING
                || closeReason == CloseReason.BUSY;
        String code =
                switch (closeReason) {
                    case FINISHED -> "session_expired";
                    case BUSY -> "rate_limit_exceeded";
                    default -> closeReason.label();
                };
        out.add(Events.bytes(events.error(ours ? "server_error" : "invalid_request_error", code, reason, null)));
        return out;
    }
}
