package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.server.chat.BadQueryException;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Query;
import io.github.moshivis.server.chat.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings of one connection: the parameters of {@code /api/chat}, and the audio formats.
 *
 * @param parameters names and values, from the query and from {@code session.update}
 * @param input format of the client's audio
 * @param output format of the model's audio
 */
record RealtimeSettings(Map<String, List<String>> parameters, Format input, Format output) {
    /** Session member for the settings of this server only. */
    static final String VENDOR = "moshivis";

    private static final Set<String> FIXED =
            Set.of("text_seed", "audio_seed", "seed", "voice_prompt", "text_prompt", "max_steps", "user_text");
    private static final String CENTER_CROP = "center_crop";

    /** Parameter that requests the user's words. */
    private static final String USER_TEXT = "user_text";

    /**
     * Returns the settings after a {@code session.update}. Settings for models that take turns (instructions, voice, tools, turn detection)
     * are ignored; the answer shows the values in effect.
     *
     * @param session the event's session
     * @param talking whether the conversation runs, so that only sampling may change
     * @throws BadEventException if a value is invalid; then no setting changes
     */
    RealtimeSettings updated(JsonNode session, boolean talking) throws BadEventException {
        Map<String, List<String>> changed = new HashMap<>(parameters);
        if (session.hasNonNull("temperature")) {
            changed.put("text_temperature", List.of(session.get("temperature").asText()));
        }
        JsonNode beta = session.path("input_audio_transcription");
        JsonNode transcription =
                beta.isMissingNode() ? session.path("audio").path("input").path("transcription") : beta;
        if (!transcription.isMissingNode()) {
            changed.put(USER_TEXT, List.of(transcription.isNull() ? "0" : "1"));
        }
        for (Map.Entry<String, JsonNode> own : session.path(VENDOR).properties()) {
            String name = own.getKey();
            if (Setting.named(name).isEmpty() && !FIXED.contains(name) && !name.equals(CENTER_CROP)) {
                throw new BadEventException(
                        "unknown_parameter",
                        "There is no setting " + VENDOR + "." + name
                                + ": expected one of those of /api/chat. Leave it out");
            }
            changed.put(name, List.of(own.getValue().asText()));
        }
        RealtimeSettings all =
                new RealtimeSettings(changed, format(session, "input", input), format(session, "output", output));
        if (talking) {
            all.requireChangeable(this);
        }
        return all;
    }

    private static Format format(JsonNode session, String direction, Format now) throws BadEventException {
        JsonNode beta = session.path(direction + "_audio_format");
        JsonNode node =
                beta.isMissingNode() ? session.path("audio").path(direction).path("format") : beta;
        return node.isMissingNode() || node.isNull() ? now : Format.of(node, direction + " audio format");
    }

    private void requireChangeable(RealtimeSettings before) throws BadEventException {
        if (input != before.input || output != before.output) {
            throw fixed("audio formats");
        }
        for (String name : parameters.keySet()) {
            boolean changeable = !FIXED.contains(name)
                    && Setting.named(name).map(Setting::isChangeable).orElse(true);
            if (!changeable && !parameters.get(name).equals(before.parameters.get(name))) {
                throw fixed(name);
            }
        }
    }

    private static BadEventException fixed(String name) {
        return new BadEventException(
                "not_changeable",
                "Cannot change " + name + " during the conversation: send session.update before the first audio");
    }

    /**
     * Returns the settings of a caller.
     *
     * @throws BadEventException if a value is invalid
     */
    Query query(ChatRoom room) throws BadEventException {
        try {
            return room.query(parameters).voice(input.with(output));
        } catch (BadQueryException e) {
            throw new BadEventException("invalid_value", e.getMessage());
        }
    }

    /**
     * Returns the session object.
     *
     * @param metadata metadata of the conversation, with all settings in effect
     */
    ObjectNode session(Dialect dialect, String id, JsonNode metadata) {
        ObjectNode session = Events.object()
                .put("object", "realtime.session")
                .put("id", id)
                .put("model", metadata.path("lm_model_file").asText());
        if (dialect == Dialect.BETA) {
            session.putArray("modalities").add("text").add("audio");
            session.put("input_audio_format", input.beta()).put("output_audio_format", output.beta());
            session.set("temperature", metadata.path("text_temperature"));
            session.putNull("turn_detection");
        } else {
            session.put("type", "realtime").putArray("output_modalities").add("audio");
            ObjectNode audio = session.putObject("audio");
            audio.putObject("input").putNull("turn_detection").set("format", input.json());
            audio.putObject("output").set("format", output.json());
        }
        session.set(VENDOR, metadata);
        return session;
    }
}
