package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;

/** The two versions of the protocol. */
enum Dialect {
    /** Version of clients that send the header {@code OpenAI-Beta: realtime=v1}. */
    BETA,
    /** Version of the general release, in which a session has a type. */
    GA;

    /** Returns the version of a session in {@code session.update}; the given one if it could be either. */
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

    /** Returns the type of an event for its name in the general release. */
    String event(String type) {
        return this == GA ? type : type.replace("response.output_audio", "response.audio");
    }

    /** Returns the type of a content part with speech. */
    String speech() {
        return this == GA ? "output_audio" : "audio";
    }
}
