package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Creates the server's events and their identifiers. Thread-safe. */
final class Events {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String connection = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLong count = new AtomicLong();

    /** Returns a new identifier, such as {@code item_1b4e28ba_7}. */
    String id(String kind) {
        return kind + "_" + connection + "_" + count.incrementAndGet();
    }

    /** Returns an empty object. */
    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Returns an event of a type, with an identifier. */
    ObjectNode event(String type) {
        return object().put("event_id", id("event")).put("type", type);
    }

    /**
     * Returns an error event.
     *
     * @param type {@code invalid_request_error} for errors of the client, otherwise {@code server_error}
     * @param code error code, for programs
     * @param message a sentence for people
     * @param cause the identifier of the client's event; may be null
     */
    ObjectNode error(String type, String code, String message, String cause) {
        ObjectNode event = event("error");
        event.putObject("error")
                .put("type", type)
                .put("code", code)
                .put("message", message)
                .putNull("param")
                .put("event_id", cause);
        return event;
    }

    /** Encodes an event in UTF-8. */
    static byte[] bytes(ObjectNode event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON cannot be written", e);
        }
    }
}
