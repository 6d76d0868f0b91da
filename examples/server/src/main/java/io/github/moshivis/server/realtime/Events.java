package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the events that the server sends, and the identifiers in them. Safe for all threads. */
final class Events {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String connection = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLong count = new AtomicLong();

    /** A new identifier of one connection, such as {@code item_1b4e28ba_7}. */
    String id(String kind) {
        return kind + "_" + connection + "_" + count.incrementAndGet();
    }

    /** An object without members. */
    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** An event of that type with an identifier. */
    ObjectNode event(String type) {
        return object().put("event_id", id("event")).put("type", type);
    }

    /**
     * An error event.
     *
     * @param type {@code invalid_request_error} if the client can do something about it, otherwise {@code server_error}
     * @param code the kind of error, for programs
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

    /** An event in UTF-8. */
    static byte[] bytes(ObjectNode event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON cannot be written", e);
        }
    }
}
