package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.Caller;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.CloseReason;
import io.github.moshivis.server.chat.JsonSocket;
import io.github.moshivis.server.chat.Query;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Reads the events of one client. Public because Jetty calls it by reflection. */
public final class RealtimeSocket extends JsonSocket {
    private static final ObjectMapper JSON = mapper();

    private final RealtimeLine line;
    private final UserItems items;
    // Used by the thread that reads.
    private Dialect dialect;
    private RealtimeSettings settings;
    private Query query;
    private boolean updated;
    private boolean resumes = true;
    private volatile boolean talking;

    /**
     * Creates a socket.
     *
     * @throws BadEventException if a parameter cannot be used
     */
    RealtimeSocket(ChatRoom room, ImageUrls urls, Dialect dialect, Map<String, List<String>> parameters)
            throws BadEventException {
        super(room, true);
        this.dialect = dialect;
        this.settings = new RealtimeSettings(parameters, Format.PCM16, Format.PCM16);
        this.query = settings.query(room);
        this.line = new RealtimeLine(dialect, settings);
        this.items = new UserItems(room, urls, line);
    }

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder().build();
        mapper.getFactory() // the socket limits sizes
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNestingDepth(50)
                        .build());
        return mapper;
    }

    @Override
    protected Caller enter() {
        return room().enter(query, Caller.Start.WITH_SOUND, room().options().image(), this);
    }

    @Override
    protected void read(String message) {
        String cause = null;
        try {
            JsonNode event = JSON.readTree(message);
            if (!event.isObject()) {
                throw new BadEventException(
                        "invalid_json", "A message is no JSON object: expected an event with a type");
            }
            cause = event.path("event_id").asText(null);
            read(event);
        } catch (JsonProcessingException e) {
            refuse("invalid_json", "A message is no JSON: " + e.getOriginalMessage(), null);
        } catch (BadEventException e) {
            refuse(e.code(), e.getMessage(), cause);
        }
    }

    private void refuse(String code, String reason, String cause) {
        caller().malformed(() -> line.error(code, reason, cause));
    }

    private void read(JsonNode event) throws BadEventException {
        String type = event.path("type").asText();
        switch (type) {
            case "session.update" -> update(event.path("session"));
            case "input_audio_buffer.append" -> append(event.path("audio"));
            case "input_audio_buffer.commit" -> caller().tell(this::committed);
            case "input_audio_buffer.clear" -> {
                caller().forgetSound();
                caller().tell(() -> List.of(Events.bytes(line.event("input_audio_buffer.cleared"))));
            }
            case "conversation.item.create" -> items.create(event.path("item"), caller());
            case "conversation.item.truncate" -> caller().tell(() -> truncated(event));
            case "response.create" -> {
                caller().begins();
                caller().tell(() -> line.response().create());
            }
            case "response.cancel" -> cancel(event.path("event_id").asText(null));
            default ->
                throw new BadEventException(
                        "unknown_event",
                        "There is no event of type '" + type + "' here. It is ignored, and the conversation continues");
        }
    }

    private void update(JsonNode session) throws BadEventException {
        if (!session.isObject()) {
            throw BadEventException.value("session", session.asText(), "an object");
        }
        RealtimeSettings changed = settings.updated(session, talking);
        Query used = changed.query(room());
        settings = changed;
        query = used;
        Dialect spelling = updated ? dialect : Dialect.of(session, dialect);
        dialect = spelling;
        updated = true;
        JsonNode turns = session.has("turn_detection")
                ? session.get("turn_detection")
                : session.path("audio").path("input").path("turn_detection");
        if (!turns.isMissingNode()) {
            resumes = !turns.isNull() && turns.path("create_response").asBoolean(true);
        }
        caller().tell(() -> line.speak(spelling, changed));
        caller().configure(used);
    }

    private void append(JsonNode audio) throws BadEventException {
        byte[] sound;
        try {
            sound = Base64.getDecoder().decode(audio.asText());
        } catch (IllegalArgumentException e) {
            throw BadEventException.value("audio", audio.asText(), "Base64");
        }
        caller().heard(new Message.Audio(sound));
    }

    private List<byte[]> committed() {
        String item = line.id("item");
        ObjectNode event = line.event("input_audio_buffer.committed");
        return List.of(Events.bytes(event.put("item_id", item).putNull("previous_item_id")));
    }

    private List<byte[]> truncated(JsonNode event) {
        ObjectNode answer = line.event("conversation.item.truncated");
        for (String member : List.of("item_id", "content_index", "audio_end_ms")) {
            answer.set(member, event.path(member));
        }
        return List.of(Events.bytes(answer));
    }

    private void cancel(String cause) {
        boolean again = resumes;
        caller().tell(() -> {
            List<byte[]> out = line.response().cancel(again);
            return out.isEmpty()
                    ? line.error("response_cancel_not_active", "No response is open that could be cancelled", cause)
                    : out;
        });
    }

    @Override
    public List<byte[]> encode(Message message) {
        talking |= message instanceof Message.Handshake;
        return line.encode(message);
    }

    @Override
    public List<byte[]> goodbye(CloseReason closeReason, String reason) {
        return line.goodbye(closeReason, reason);
    }
}
