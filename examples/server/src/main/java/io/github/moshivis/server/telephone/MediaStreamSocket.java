package io.github.moshivis.server.telephone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.chat.Caller;
import io.github.moshivis.server.chat.CloseReason;
import io.github.moshivis.server.chat.JsonSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.eclipse.jetty.websocket.api.Callback;

/** One call by a carrier's media stream. Public because Jetty calls it by reflection. */
public final class MediaStreamSocket extends JsonSocket {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Frames between marks: one second. */
    private static final int MARK_EACH = 50;

    /** Maximum number of outstanding marks: beyond it the carrier is told to drop audio that it has not played. */
    private static final int MAX_MARKS = 3;

    private static final int SHOWN = 100;

    private final TelephoneOptions options;
    private final Carrier carrier;
    private final List<String> tokens;
    private PhoneCall call;
    private volatile String stream = "";
    private volatile PhoneFormat format;

    // Guarded by this.
    private final Deque<String> marks = new ArrayDeque<>();
    private long frames;

    /**
     * Creates a socket.
     *
     * @param tokens in the query of its address
     */
    MediaStreamSocket(TelephoneOptions options, Carrier carrier, List<String> tokens) {
        super(options.room(), false);
        this.tokens = tokens;
        this.options = options;
        this.carrier = carrier;
    }

    @Override
    protected Caller enter() {
        call = new PhoneCall(options, this, this::frames);
        return call.caller();
    }

    @Override
    protected void read(String message) {
        try {
            read(JSON.readTree(message));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            caller().malformed("Cannot read a message of the media stream: " + e.getMessage());
        }
    }

    private void read(JsonNode event) {
        String name = event.path("event").asText();
        if (name.equals(carrier.played())) {
            played(Carrier.markName(event));
            return;
        }
        switch (name) {
            case "start" -> start(event);
            case "media" -> media(event.path("media"));
            case "dtmf" -> call.digit(event.path("dtmf").path("digit").asText());
            case "stop" -> caller().leave(CloseReason.FINISHED, "The call has ended");
            default -> {} // connected, clearedAudio, and future events
        }
    }

    private void start(JsonNode event) {
        JsonNode start = event.path("start");
        JsonNode parameters = start.path("customParameters");
        List<String> shown = new ArrayList<>(tokens);
        shown.add(parameters.path("token").asText(token(event)));
        if (!options.gate().isToken(shown)) {
            caller().leave(CloseReason.REFUSED, "No valid token: expected the stream's parameter token");
            return;
        }
        PhoneFormat said = Carrier.format(start);
        if (said == null) {
            String found = start.path("mediaFormat").toString();
            caller().leave(
                            CloseReason.BAD_MEDIA,
                            "Cannot use the stream's sound: found "
                                    + found.substring(0, Math.min(SHOWN, found.length()))
                                    + ", expected audio/x-mulaw or audio/x-l16 of 8000 to 48000 Hz. Ask the carrier for one of them");
            return;
        }
        stream = carrier.stream(event);
        format = said;
        call.begin(said);
    }

    /**
     * Returns the token among the parameters of Plivo's or Vobiz' streams: {@code name=value} pairs with semicolons or commas, or an
     * object.
     */
    private static String token(JsonNode event) {
        JsonNode headers = event.path("extra_headers");
        if (headers.isObject()) {
            return headers.path("token").asText();
        }
        for (String pair : headers.asText().replaceAll("[{}\"\\s]", "").split("[,;]")) {
            if (pair.startsWith("token=") || pair.startsWith("token:")) {
                return pair.substring("token=".length());
            }
        }
        return "";
    }

    private void media(JsonNode media) {
        if (!media.path("track").asText("inbound").startsWith("inbound")) {
            return; // audio played to the telephone
        }
        call.sound(Base64.getDecoder().decode(media.path("payload").asText()));
    }

    private synchronized void played(String name) {
        while (marks.contains(name) && !marks.remove().equals(name)) {
            // earlier marks were played too
        }
    }

    /** Returns the frames for 20 ms of the model's audio. */
    private synchronized List<byte[]> frames(byte[] sound) {
        List<byte[]> out = new ArrayList<>();
        if (marks.size() > MAX_MARKS) {
            marks.clear();
            call.hush();
            out.add(carrier.clear(stream));
        }
        out.add(carrier.media(stream, format, sound));
        if (++frames % MARK_EACH == 0) {
            String name = "frame-" + frames;
            marks.add(name);
            out.add(carrier.mark(stream, name));
        }
        return out;
    }

    @Override
    public List<byte[]> encode(Message message) {
        return call.say(message);
    }

    @Override
    public List<byte[]> goodbye(CloseReason closeReason, String reason) {
        return List.of();
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        call.end();
        super.onWebSocketClose(code, reason, callback);
    }
}
