package io.github.moshivis.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.server.chat.Caller;
import io.github.moshivis.server.chat.ChatRoom;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;

/** Items that a client adds to the conversation: pictures. The model takes no text. */
final class UserItems {
    private final ChatRoom room;
    private final ImageUrls urls;
    private final RealtimeLine line;
    private final AtomicBoolean fetching = new AtomicBoolean();

    UserItems(ChatRoom room, ImageUrls urls, RealtimeLine line) {
        this.room = room;
        this.urls = urls;
        this.line = line;
    }

    /**
     * Handles an item; its last picture becomes the picture of the conversation.
     *
     * @throws BadEventException if it has no valid picture
     */
    void create(JsonNode item, Caller caller) throws BadEventException {
        String url = null;
        ObjectNode shown = shown(item);
        ArrayNode ignored = Events.object().arrayNode();
        for (JsonNode part : item.path("content")) {
            if (part.path("type").asText().equals("input_image")) {
                url = address(part.path("image_url"));
                shown.withArray("content").addObject().put("type", "input_image");
            } else {
                ignored.add(part.path("type").asText());
            }
        }
        if (url == null) {
            throw new BadEventException(
                    "unsupported_content",
                    "An item holds no picture: found " + ignored
                            + ", expected input_image. The model hears what is said"
                            + " by input_audio_buffer.append; it cannot be given text");
        }
        if (!ignored.isEmpty()) {
            shown.putObject(RealtimeSettings.VENDOR).set("ignored", ignored);
        }
        if (ImageUrls.isData(url)) {
            show(ImageUrls.data(url), shown, caller);
        } else {
            String cause = item.path("id").asText(null);
            URI address = urls.allowed(url);
            if (!fetching.compareAndSet(false, true)) {
                throw new BadEventException(
                        "no_room",
                        "A picture is being fetched for this connection: expected one at a time. Wait until it is added");
            }
            try {
                room.work().execute(() -> fetch(address, shown, caller, cause));
            } catch (RuntimeException | Error e) { // no thread, or no executor any more
                fetching.set(false);
                throw e;
            }
        }
    }

    private ObjectNode shown(JsonNode item) {
        ObjectNode shown = Events.object()
                .put("id", item.path("id").asText(line.id("item")))
                .put("object", "realtime.item")
                .put("type", "message")
                .put("role", "user")
                .put("status", "completed");
        shown.putArray("content");
        return shown;
    }

    /** Some clients send the URL as text, others in an object. */
    private static String address(JsonNode imageUrl) {
        return imageUrl.isObject() ? imageUrl.path("url").asText() : imageUrl.asText();
    }

    private void fetch(URI address, ObjectNode shown, Caller caller, String cause) {
        try {
            show(fetched(address), shown, caller);
        } catch (BadEventException e) {
            caller.malformed(() -> line.error(e.code(), e.getMessage(), cause));
        } catch (RuntimeException | Error e) {
            caller.malformed(() -> line.error("server_error", "The picture could not be fetched. Try again", cause));
            throw e; // logged by the room
        }
    }

    private byte[] fetched(URI address) throws BadEventException {
        try {
            return urls.fetch(address, room.options().mostImageBytes());
        } finally {
            fetching.set(false); // before the client is notified and may send another picture
        }
    }

    private void show(byte[] picture, ObjectNode shown, Caller caller) throws BadEventException {
        if (picture.length > room.options().mostImageBytes()) {
            throw new BadEventException(
                    "image_too_large",
                    "A picture is too large: found " + picture.length + " bytes, expected at most "
                            + room.options().mostImageBytes() + ". Send a smaller one");
        }
        if (!caller.show(picture)) {
            throw new BadEventException(
                    "no_room", "There is no room for another picture now: too many are here already. Try again later");
        }
        caller.tell(() -> line.added(shown));
    }
}
