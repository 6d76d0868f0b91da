package io.github.moshivis.server.telephone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.audio.PcmEncoding;
import io.github.moshivis.server.chat.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;

/** Media streams of carriers: the same protocol of JSON texts, with different names. */
public enum Carrier {
    /** Twilio Media Streams, with {@code <Connect><Stream>}. */
    TWILIO("streamSid", "mark", "clear") {
        @Override
        ObjectNode media(PhoneFormat format, String payload) {
            ObjectNode event = event("media");
            event.putObject("media").put("payload", payload);
            return event;
        }

        @Override
        ObjectNode mark(String name) {
            ObjectNode event = event("mark");
            event.putObject("mark").put("name", name);
            return event;
        }
    },
    /** Plivo's audio streams, with {@code <Stream bidirectional="true">}: the "Stream Event Protocol" of its documentation. */
    PLIVO("streamId", "playedStream", "clearAudio") {
        @Override
        byte[] media(String stream, PhoneFormat format, byte[] sound) {
            return text(media(format, Base64.getEncoder().encodeToString(sound)));
        }
    },
    /** Vobiz' audio streams: Plivo's events, but audio also has the stream's identifier. */
    VOBIZ("streamId", "playedStream", "clearAudio");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USUAL_RATE = 8000;

    private final String idName;
    private final String played;
    private final String clear;

    Carrier(String idName, String played, String clear) {
        this.idName = idName;
        this.played = played;
        this.clear = clear;
    }

    /**
     * Returns the path of the carrier's media streams.
     *
     * @return such as {@code /twilio}
     */
    public String path() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the protocol of the carrier's media streams. Carriers cannot set headers: the token is a parameter of the stream, or, if the
     * carrier keeps the query of its address, a parameter of that.
     *
     * @param options settings shared by all calls
     * @return the protocol
     */
    public Protocol protocol(TelephoneOptions options) {
        return new Protocol() {
            @Override
            public Object socket(
                    ServerUpgradeRequest request,
                    ServerUpgradeResponse response,
                    Map<String, List<String>> parameters) {
                return new MediaStreamSocket(options, Carrier.this, parameters.getOrDefault("token", List.of()));
            }

            @Override
            public boolean showsTokenLater() {
                return true;
            }
        };
    }

    /** Returns the stream's identifier from its start event. */
    String stream(JsonNode event) {
        String inside = event.path("start").path(idName).asText();
        return inside.isEmpty() ? event.path(idName).asText() : inside;
    }

    /** Returns the format of the start event; 8 kHz mu-law if it has none, null if it is not supported. */
    static PhoneFormat format(JsonNode start) {
        JsonNode media = start.path("mediaFormat");
        int rate = media.path("sampleRate").asInt(USUAL_RATE);
        PcmEncoding encoding =
                switch (media.path("encoding").asText("audio/x-mulaw")) {
                    case "audio/x-mulaw" -> PcmEncoding.MU_LAW;
                    case "audio/x-alaw" -> PcmEncoding.A_LAW;
                    case "audio/x-l16" -> PcmEncoding.SIGNED_16;
                    default -> null;
                };
        return encoding == null || rate < USUAL_RATE || rate > 48_000 ? null : new PhoneFormat(rate, encoding);
    }

    /** Returns the name of the event that reports a played mark. */
    String played() {
        return played;
    }

    /** Returns the name of the mark in such an event. */
    static String markName(JsonNode event) {
        return event.path("mark").path("name").asText(event.path("name").asText());
    }

    /** Encodes 20 ms of audio for the telephone. */
    byte[] media(String stream, PhoneFormat format, byte[] sound) {
        return text(media(format, Base64.getEncoder().encodeToString(sound)).put(idName, stream));
    }

    ObjectNode media(PhoneFormat format, String payload) {
        ObjectNode event = event("playAudio");
        event.putObject("media")
                .put("contentType", contentType(format.encoding()))
                .put("sampleRate", format.rate())
                .put("payload", payload);
        return event;
    }

    private static String contentType(PcmEncoding encoding) {
        return switch (encoding) {
            case SIGNED_16 -> "audio/x-l16";
            case A_LAW -> "audio/x-alaw";
            default -> "audio/x-mulaw";
        };
    }

    /** Encodes a mark after the sent audio, which the carrier reports when it was played. */
    byte[] mark(String stream, String name) {
        return text(mark(name).put(idName, stream));
    }

    ObjectNode mark(String name) {
        return event("checkpoint").put("name", name);
    }

    /** Encodes the request to drop audio that was not played yet. */
    byte[] clear(String stream) {
        return text(event(clear).put(idName, stream));
    }

    private static ObjectNode event(String name) {
        return JSON.createObjectNode().put("event", name);
    }

    private static byte[] text(ObjectNode event) {
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }
}
