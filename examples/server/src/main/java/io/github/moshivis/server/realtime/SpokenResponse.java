package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;

/**
 * The response that stays open for the whole conversation: the model's speech is sent as its deltas. After {@code response.cancel} the
 * model is muted until it speaks again after a pause, or until {@code response.create}. Used by one thread at a time.
 */
final class SpokenResponse {
    /** Frames of 80 ms without a word after which a word starts a new response: one second. */
    private static final int PAUSE_FRAMES = 13;

    private static final int MAX_TRANSCRIPT = 100_000;

    private final Events events;
    private final String conversation;
    private Dialect dialect;
    private String response;
    private String item;
    private final StringBuilder transcript = new StringBuilder();
    private boolean begun;
    private boolean open;
    private boolean resumes;
    private boolean spoke;
    private int framesWithoutWord;

    SpokenResponse(Events events, Dialect dialect) {
        this.events = events;
        this.dialect = dialect;
        this.conversation = events.id("conv");
    }

    /** Changes the protocol version of later events. */
    void speak(Dialect changed) {
        dialect = changed;
    }

    /** Starts the response when the conversation starts. */
    List<byte[]> begin() {
        begun = true;
        return open();
    }

    /**
     * Handles {@code response.create}: completes an open response that has content and opens a new one; does nothing before the
     * conversation.
     */
    List<byte[]> create() {
        List<byte[]> out = new ArrayList<>();
        if (begun && (!open || spoke)) {
            out.addAll(close("completed", null));
            out.addAll(open());
        }
        return out;
    }

    private List<byte[]> open() {
        open = true;
        spoke = false;
        response = events.id("resp");
        item = events.id("item");
        transcript.setLength(0);
        List<byte[]> out = new ArrayList<>();
        ObjectNode created = events.event("response.created");
        created.set("response", response("in_progress"));
        out.add(Events.bytes(created));
        ObjectNode added = part("response.output_item.added");
        added.remove(List.of("item_id", "content_index"));
        added.set("item", item("in_progress"));
        out.add(Events.bytes(added));
        ObjectNode inConversation =
                events.event(dialect == Dialect.GA ? "conversation.item.added" : "conversation.item.created");
        inConversation.putNull("previous_item_id").set("item", item("in_progress"));
        out.add(Events.bytes(inConversation));
        ObjectNode content = part("response.content_part.added");
        content.putObject("part").put("type", "audio").put("transcript", "");
        out.add(Events.bytes(content));
        return out;
    }

    /** Encodes 80 ms of the model's audio. */
    List<byte[]> audio(byte[] sound) {
        framesWithoutWord++;
        if (!open) {
            return List.of();
        }
        spoke = true;
        ObjectNode delta = part("response.output_audio.delta");
        return List.of(Events.bytes(delta.put("delta", Base64.getEncoder().encodeToString(sound))));
    }

    /**
     * Encodes a piece of the model's text.
     *
     * @param piece the text, with its leading space
     * @param level contribution of the picture, 0 to 10, if known
     */
    List<byte[]> text(String piece, OptionalInt level) {
        List<byte[]> out = new ArrayList<>();
        if (!open && resumes && framesWithoutWord >= PAUSE_FRAMES) {
            out.addAll(open());
        }
        framesWithoutWord = 0;
        if (open) {
            spoke = true;
            if (transcript.length() < MAX_TRANSCRIPT) {
                transcript.append(piece);
            }
            ObjectNode delta = part("response.output_audio_transcript.delta").put("delta", piece);
            level.ifPresent(value -> delta.putObject("moshivis").put("image_level", value));
            out.add(Events.bytes(delta));
        }
        return out;
    }

    /**
     * Mutes the model.
     *
     * @param untilPause whether it is unmuted automatically when it speaks after a pause
     * @return events; none if no response is open
     */
    List<byte[]> cancel(boolean untilPause) {
        resumes = untilPause;
        return close("cancelled", "client_cancelled");
    }

    /**
     * Ends the response.
     *
     * @param status as the protocol has it
     * @param reason the reason; may be null
     */
    List<byte[]> close(String status, String reason) {
        if (!open) {
            return List.of();
        }
        open = false;
        String words = transcript.toString();
        List<byte[]> out = new ArrayList<>();
        out.add(Events.bytes(part("response.output_audio.done")));
        out.add(Events.bytes(part("response.output_audio_transcript.done").put("transcript", words)));
        ObjectNode content = part("response.content_part.done");
        content.putObject("part").put("type", "audio").put("transcript", words);
        out.add(Events.bytes(content));
        String itemStatus = status.equals("completed") ? "completed" : "incomplete";
        ObjectNode itemDone = part("response.output_item.done");
        itemDone.remove(List.of("item_id", "content_index"));
        itemDone.set("item", item(itemStatus));
        out.add(Events.bytes(itemDone));
        ObjectNode done = events.event("response.done");
        ObjectNode all = response(status);
        all.withArray("output").add(item(itemStatus));
        if (reason != null) {
            all.putObject("status_details").put("type", status).put("reason", reason);
        }
        done.set("response", all);
        out.add(Events.bytes(done));
        return out;
    }

    private ObjectNode part(String type) {
        return events.event(dialect.event(type))
                .put("response_id", response)
                .put("item_id", item)
                .put("output_index", 0)
                .put("content_index", 0);
    }

    private ObjectNode response(String status) {
        ObjectNode all = Events.object()
                .put("object", "realtime.response")
                .put("id", response)
                .put("conversation_id", conversation)
                .put("status", status);
        all.putArray("output");
        all.putArray(dialect == Dialect.GA ? "output_modalities" : "modalities").add("audio");
        return all;
    }

    private ObjectNode item(String status) {
        ObjectNode all = Events.object()
                .put("id", item)
                .put("object", "realtime.item")
                .put("type", "message")
                .put("role", "assistant")
                .put("status", status);
        ObjectNode content = all.putArray("content").addObject();
        content.put("type", dialect.speech()).put("transcript", transcript.toString());
        return all;
    }
}
