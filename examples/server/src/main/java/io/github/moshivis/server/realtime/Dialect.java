package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;

/** The two spellings of the protocol. */
enum Dialect {
    /** The spelling of clients that send the header {@code OpenAI-Beta: realtime=v1}. */
    BETA,
    /** The spelling of the general release, in which a session has a type. */
    GA;

    /** The spelling that a session of {@code session.update} is written in; the given one if it could be either. */
    static Dialect of(JsonNode session, Dialect otherwise) {
        if (session.has("type") || session.has("audio") || session.has("output_modalities")) {
            return GA;
        }
        boolean beta = session.has("modalities")
                || session.has("input_audio_format")
                || session.has("output_audio_format")
                || session.has("temperature");
        return beta ? BETA : otherwise;
    }

    /** An event's type, of which the general release's name is given. */
    String event(String type) {
        return this == GA ? type : type.replace("response.output_audio", "response.audio");
    }

    /** The type of a content part that holds speech. */
    String speech() {
        return this == GA ? "output_audio" : "audio";
    }
}
