package io.github.moshivis.server.telephone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.audio.PcmEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The media streams of carriers: the same dialogue of JSON texts, with names that differ. */
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
    /** Vobiz' audio streams: Plivo's events, but that sound carries the stream's identifier too. */
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

    /** The stream's identifier, from the event that starts it. */
    String stream(JsonNode event) {
        String inside = event.path("start").path(idName).asText();
        return inside.isEmpty() ? event.path(idName).asText() : inside;
    }

    /** The format that the starting event names; mu-law of 8 kHz if it names none, null if it is none of ours. */
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

    /** The name of the event that says that a mark was played. */
    String played() {
        return played;
    }

    /** The name of the mark in such an event. */
    static String markName(JsonNode event) {
        return event.path("mark").path("name").asText(event.path("name").asText());
    }

    /** 20 ms of sound for the telephone. */
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

    /** A mark behind the sound that was sent, which the carrier reports when it was played. */
    byte[] mark(String stream, String name) {
        return text(mark(name).put(idName, stream));
    }

    ObjectNode mark(String name) {
        return event("checkpoint").put("name", name);
    }

    /** Makes the carrier forget the sound that it has not played. */
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
