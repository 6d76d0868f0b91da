package io.github.moshivis.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.server.JsonCaller;
import io.github.moshivis.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The events of the documentation's table, each as it is written there. */
@Timeout(60)
class RealtimeEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANY = "…";
    private static final String SILENCE = Base64.getEncoder().encodeToString(new byte[2 * 1920]);

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    /** The JSON in the first cells of a table of the documentation. */
    private static List<JsonNode> table(String title) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("../../docs/server.md"))) {
            inside = line.startsWith("| " + title) || inside && line.startsWith("|");
            if (inside && line.startsWith("| `{")) {
                rows.add(JSON.readTree(line.substring(3, line.indexOf("}` |") + 1)));
            }
        }
        return rows;
    }

    private static JsonNode row(String title, String type) throws IOException {
        return table(title).stream()
                .filter(event -> event.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not documented: " + type));
    }

    /** Whether an event has the members that are documented, no others, and those values that are not left open. */
    private static void assertAsDocumented(JsonNode event) throws IOException {
        assertMatches(
                event,
                row("Server's event", event.path("type").asText()),
                event.path("type").asText());
    }

    private static void assertMatches(JsonNode found, JsonNode documented, String where) {
        assertThat(found.getNodeType()).as(where).isEqualTo(documented.getNodeType());
        if (documented.isObject() && !documented.has(ANY)) {
            assertThat(names(found)).as(where).containsExactlyInAnyOrderElementsOf(names(documented));
            documented
                    .properties()
                    .forEach(member -> assertMatches(
                            found.get(member.getKey()), member.getValue(), where + "." + member.getKey()));
        } else if (documented.isArray()) {
            assertThat(found.size()).as(where).isEqualTo(documented.size());
            for (int i = 0; i < documented.size(); i++) {
                assertMatches(found.get(i), documented.get(i), where + "[" + i + "]");
            }
        } else if (documented.isTextual() && !documented.asText().equals(ANY)) {
            assertThat(found.asText()).as(where).isEqualTo(documented.asText());
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        Iterator<String> all = object.fieldNames();
        all.forEachRemaining(names::add);
        return names;
    }

    private JsonCaller call(String query, Map<String, String> headers) {
        return new JsonCaller(server, "/v1/realtime?model=moshivis" + query, headers);
    }

    private JsonNode documented(JsonCaller caller, String type) throws IOException {
        JsonNode event = caller.next(type);
        assertAsDocumented(event);
        return event;
    }

    private static String picture() throws IOException {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(TestServer.PICTURE));
    }

    private static void send(JsonCaller caller, String type) throws IOException {
        caller.sendPart(
                row("Client's event", type)
                        .toString()
                        .replace("data:…", picture())
                        .replace("\"audio\":\"…\"", "\"audio\":\"" + SILENCE + "\""),
                true);
    }

    @Test
    void everyEventIsAsTheTableHasIt() throws IOException {
        server.slots = 1;
        server.start();
        JsonCaller caller = call("&text_temperature=0", Map.of());
        documented(caller, "session.created");
        send(caller, "session.update");
        JsonNode updated = documented(caller, "session.updated");
        assertThat(updated.path("session").path("moshivis").path("text_topk").asInt())
                .isEqualTo(20);
        send(caller, "conversation.item.create");
        documented(caller, "conversation.item.added");
        documented(caller, "conversation.item.done");
        send(caller, "response.create");
        for (String type : List.of("response.created", "response.output_item.added", "response.content_part.added")) {
            documented(caller, type);
        }
        try (JsonCaller second = call("", Map.of())) {
            second.next("session.created");
            send(second, "conversation.item.create");
            send(second, "response.create");
            documented(second, "moshivis.queue");
        }
        for (int i = 0; i < 30; i++) {
            send(caller, "input_audio_buffer.append");
        }
        JsonNode delta = documented(caller, "response.output_audio.delta");
        assertThat(Base64.getDecoder().decode(delta.path("delta").asText())).hasSize(2 * 1920);
        documented(caller, "response.output_audio_transcript.delta");
        send(caller, "input_audio_buffer.commit");
        documented(caller, "input_audio_buffer.committed");
        send(caller, "input_audio_buffer.clear");
        documented(caller, "input_audio_buffer.cleared");
        send(caller, "conversation.item.truncate");
        documented(caller, "conversation.item.truncated");
        send(caller, "unheard.of");
        assertThat(documented(caller, "error").path("error").path("code").asText())
                .isEqualTo("unknown_event");
        send(caller, "response.cancel");
        for (String type : List.of(
                "response.output_audio.done",
                "response.output_audio_transcript.done",
                "response.content_part.done",
                "response.output_item.done",
                "response.done")) {
            documented(caller, type);
        }
        server.server().drain(Duration.ofMillis(500));
        documented(caller, "moshivis.stopping");
        assertThat(documented(caller, "error").path("error").path("code").asText())
                .isEqualTo("stopping");
        assertThat(caller.closed()).isEqualTo(1001);
    }

    @Test
    void theBetasSpellingIsAnsweredInIt() throws IOException {
        server.start();
        JsonCaller caller = call("", Map.of("OpenAI-Beta", "realtime=v1"));
        JsonNode session = caller.next("session.created").path("session");
        assertThat(session.path("input_audio_format").asText()).isEqualTo("pcm16");
        caller.send("{'type':'session.update','session':{'output_audio_format':'g711_alaw','temperature':0.6}}");
        session = caller.next("session.updated").path("session");
        assertThat(session.path("output_audio_format").asText()).isEqualTo("g711_alaw");
        assertThat(session.path("temperature").asDouble()).isEqualTo(0.6);
        send(caller, "conversation.item.create");
        caller.next("conversation.item.created");
        send(caller, "response.create");
        caller.next("response.created"); // sound before it is not heard
        for (int i = 0; i < 10; i++) {
            send(caller, "input_audio_buffer.append");
        }
        JsonNode delta = caller.next("response.audio.delta");
        assertThat(Base64.getDecoder().decode(delta.path("delta").asText())).hasSizeBetween(500, 640);
    }

    @Test
    void whatCannotBeUsedIsAnErrorAndTheTalkGoesOn() throws IOException {
        server.start();
        JsonCaller caller = call("", Map.of());
        caller.send("nonsense");
        assertError(caller, "invalid_json");
        caller.send("{'type':'session.update','session':{'moshivis':{'wit':1}}}");
        assertError(caller, "unknown_parameter");
        caller.send("{'type':'session.update','session':{'input_audio_format':'mp3'}}");
        assertError(caller, "invalid_value");
        caller.send("{'type':'session.update','session':{'moshivis':{'text_topk':'many'}}}");
        assertError(caller, "invalid_value");
        caller.send("{'type':'conversation.item.create','item':{'content':[{'type':'input_text','text':'hi'}]}}");
        assertError(caller, "unsupported_content");
        caller.send("{'type':'conversation.item.create','item':{'content':[{'type':'input_image','image_url':"
                + "'http://127.0.0.1/x.png'}]}}");
        assertError(caller, "image_url_not_allowed");
        caller.send("{'type':'input_audio_buffer.append','audio':'?'}");
        assertError(caller, "invalid_value");
        caller.send("{'type':'response.cancel','event_id':'mine'}");
        JsonNode error = caller.next("error").path("error");
        assertThat(error.path("code").asText()).isEqualTo("response_cancel_not_active");
        assertThat(error.path("event_id").asText()).isEqualTo("mine");
        send(caller, "conversation.item.create");
        send(caller, "response.create");
        caller.next("response.created");
        caller.send("{'type':'session.update','session':{'moshivis':{'text_temperature':0.3}}}");
        assertThat(caller.next("session.updated")
                        .path("session")
                        .path("moshivis")
                        .path("text_temperature")
                        .asDouble())
                .isEqualTo(0.3);
        caller.send("{'type':'session.update','session':{'moshivis':{'xa_start':3}}}");
        assertError(caller, "not_changeable");
        send(caller, "input_audio_buffer.append");
        send(caller, "input_audio_buffer.append");
        caller.next("response.output_audio.delta");
    }

    private static void assertError(JsonCaller caller, String code) {
        assertThat(caller.next("error").path("error").path("code").asText()).isEqualTo(code);
    }

    @Test
    void aCancelledModelIsHeardAgainInANewResponse() throws IOException {
        server.start();
        JsonCaller caller = call("", Map.of());
        send(caller, "conversation.item.create");
        send(caller, "response.create");
        String first =
                caller.next("response.created").path("response").path("id").asText();
        send(caller, "response.cancel");
        caller.next("response.done");
        send(caller, "response.create");
        String second =
                caller.next("response.created").path("response").path("id").asText();
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void aTextBeyondAllPicturesIsRefused() throws IOException {
        server.start();
        JsonCaller caller = call("", Map.of());
        String part = "x".repeat(1 << 18);
        try {
            for (int i = 0; i < 8; i++) {
                caller.sendPart(part, false);
            }
        } catch (CompletionException closed) {
            assertThat(closed).hasCauseInstanceOf(IOException.class); // the server said goodbye before the last part
        }
        assertThat(caller.next("error").path("error").path("code").asText()).isEqualTo("too_large");
        assertThat(caller.closed()).isEqualTo(1009);
    }
}
