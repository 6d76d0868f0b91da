package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.client.Message;
import io.github.moshivis.server.http.Page;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server answers to plain requests, with a page in a directory that has secrets beside it. */
class HttpTest {
    private static final TestServer SERVER = new TestServer();
    private static final String LONG = "p { margin: 0; }\n".repeat(1000);

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() throws IOException {
        Path page = Files.createDirectories(directory.resolve("page/assets"));
        Files.writeString(directory.resolve("secret.txt"), "secret");
        Files.writeString(page.resolveSibling("index.html"), "<p>a page</p>");
        Files.writeString(page.resolve("script.js"), "let a = 1;");
        Files.writeString(page.resolve("module.mjs"), "export const a = 1;");
        Files.writeString(page.resolve("decoder.wasm"), "wasm");
        Files.writeString(page.resolve("long.css"), LONG);
        Files.writeString(page.resolve("long.png"), LONG);
        Files.createSymbolicLink(page.resolve("link.txt"), directory.resolve("secret.txt"));
        SERVER.slots = 1;
        SERVER.maxDuration = Optional.of(Duration.ofSeconds(300));
        SERVER.page = Page.in(page.getParent());
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void healthAndReadinessAreForOrchestrators() throws Exception {
        assertThat(SERVER.get("/healthz").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = SERVER.get("/readyz");
        assertThat(ready.statusCode()).isEqualTo(200);
        JsonNode body = new ObjectMapper().readTree(ready.body());
        assertThat(body.get("ready").asBoolean()).isTrue();
        assertThat(body.get("freeSlots").asInt()).isEqualTo(1);
        assertThat(body.get("queue").asInt()).isZero();
        assertThat(ready.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void theConfigurationTellsAPageWhatItNeeds() throws Exception {
        JsonNode config = new ObjectMapper().readTree(SERVER.get("/api/config").body());
        assertThat(config.get("image").asText()).isEqualTo("required");
        assertThat(config.get("token").asBoolean()).isFalse();
        assertThat(config.get("maxImageBytes").asInt()).isEqualTo(1 << 20);
        assertThat(config.get("maxDurationSeconds").asDouble()).isEqualTo(300);
        JsonNode temperature = config.at("/settings/text_temperature");
        assertThat(temperature.get("default").asDouble()).isEqualTo(0.45);
        assertThat(temperature.get("min").asDouble()).isEqualTo(0.2);
        assertThat(temperature.get("max").asDouble()).isEqualTo(1.2);
        assertThat(temperature.get("step").asDouble()).isEqualTo(0.01);
        assertThat(config.at("/settings/image_resolution/default").asInt()).isEqualTo(448);
    }

    @Test
    void metricsCountFramesAndCallers() throws Exception {
        TestCaller caller = SERVER.call("audio_format=pcm&image_resolution=70").talk();
        caller.sendSilence().sendSilence().next(Message.Audio.class);
        assertThat(SERVER.metric("moshivis_callers")).isEqualTo(1);
        assertThat(SERVER.metric("moshivis_talks")).isEqualTo(1);
        assertThat(SERVER.metric("moshivis_slots_free")).isZero();
        assertThat(SERVER.metric("moshivis_frame_seconds_count")).isPositive();
        assertThat(SERVER.metric("moshivis_frame_seconds_bucket{le=\"+Inf\"}"))
                .isEqualTo(SERVER.metric("moshivis_frame_seconds_count"));
        assertThat(SERVER.metric("moshivis_messages_received_total{kind=\"Audio\"}"))
                .isGreaterThanOrEqualTo(2);
        String text = SERVER.get("/metrics").body();
        assertThat(text.lines())
                .as("every line is a comment or a name, perhaps labels, and a number")
                .allMatch(line -> line.matches("# (HELP|TYPE) \\w+ .+|\\w+(\\{\\w+=\"[^\"]*\"})? [-+0-9.eE]+"));
        caller.close();
    }

    @Test
    void aTalkIsRatedOnceAfterItsEndByWhoHeldIt() throws Exception {
        TestCaller caller = SERVER.call("audio_format=pcm");
        Message.Metadata metadata = caller.next(Message.Metadata.class);
        String key =
                new ObjectMapper().readTree(metadata.json()).get("rating_key").asText();
        caller.close();
        double before = SERVER.metric("moshivis_ratings_total{stars=\"3\"}");
        assertThat(SERVER.post("/api/rating?key=" + key + "&stars=6")).isEqualTo(400);
        assertThat(SERVER.post("/api/rating?key=" + key)).isEqualTo(400);
        assertThat(SERVER.post("/api/rating?stars=3&key=1")).isEqualTo(404);
        assertThat(raw("POST /api/rating?key=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("{\"error\":");
        assertThat(SERVER.get("/api/rating?key=" + key + "&stars=3").statusCode())
                .isEqualTo(405);
        assertThat(SERVER.post("/api/rating?key=" + key + "&stars=3")).isEqualTo(200);
        assertThat(SERVER.post("/api/rating?key=" + key + "&stars=3")).isEqualTo(404);
        assertThat(SERVER.metric("moshivis_ratings_total{stars=\"3\"}")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html, a page",
        "/index.html, text/html, a page",
        "/assets/script.js, text/javascript, let a",
        "/assets/module.mjs, text/javascript, export",
        "/assets/decoder.wasm, application/wasm, wasm"
    })
    void filesHaveTheirTypes(String path, String type, String content) throws Exception {
        HttpResponse<String> response = SERVER.get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        assertThat(response.body()).contains(content);
    }

    @Test
    void headersKeepBrowsersCareful() throws Exception {
        HttpResponse<String> page = SERVER.get("/");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'self'");
        assertThat(page.headers().firstValue("Permissions-Policy").orElseThrow())
                .contains("microphone=(self)");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(page.headers().firstValue("ETag")).isPresent();
        assertThat(page.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void textTravelsCompressedToThoseWhoTakeItAndIsNotSentAgain() throws Exception {
        HttpResponse<byte[]> compressed = SERVER.get("/assets/long.css", "Accept-Encoding", "gzip");
        assertThat(compressed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(compressed.headers().firstValue("Vary").orElseThrow()).containsIgnoringCase("Accept-Encoding");
        assertThat(compressed.body()).hasSizeLessThan(LONG.length() / 10);
        GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(compressed.body()));
        assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(LONG);
        String tag = compressed.headers().firstValue("ETag").orElseThrow();
        assertThat(SERVER.get("/assets/long.css", "Accept-Encoding", "gzip", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({"/assets/long.css, identity", "/assets/long.png, gzip"})
    void whatCannotBeCompressedTravelsAsItIs(String path, String encoding) throws Exception {
        HttpResponse<byte[]> plain = SERVER.get(path, "Accept-Encoding", encoding);
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(new String(plain.body(), StandardCharsets.UTF_8)).isEqualTo(LONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/assets/../../secret.txt",
                "/%2e%2e/secret.txt",
                "/..%2fsecret.txt",
                "/assets/%2e%2e/%2e%2e/secret.txt",
                "/..%5csecret.txt",
                "/..;/secret.txt",
                "//secret.txt",
                "/assets/link.txt",
                "/assets/script.js%00.html",
                "/assets/",
                "/nothing"
            })
    void nothingBesideThePageIsShown(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 (400|403|404) .*").doesNotContain("secret\n");
        assertThat(answer.split("\r\n\r\n", 2)[1]).isNotEqualTo("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /../x HTTP/1.1\r\nHost: localhost",
                "GET / HTTP/1.1\r\nHost: a b",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost",
                "GET / HTTP/1.1",
                "GET / HTTP/9.9\r\nHost: localhost",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
                "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: much",
                "GET /readyz?free=%zz HTTP/1.1\r\nHost: localhost",
                "GET /nothing HTTP/1.1\r\nHost: localhost",
                "GET / HTTP/1.1\r\nHost: evil.example"
            })
    void answersToBadRequestsAreNeitherGuessedAtNorKept(String request) throws Exception {
        assertThat(raw(request + "\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 [45].*")
                .contains("X-Content-Type-Options: nosniff\r\n", "Cache-Control: no-store\r\n")
                .doesNotContain("<html>");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", SERVER.server().port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void otherMethodsAndPlainRequestsToTheSocketAreRefusedInWords() throws Exception {
        assertThat(raw("POST /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
        HttpResponse<String> chat = SERVER.get("/api/chat");
        assertThat(chat.statusCode()).isEqualTo(426);
        assertThat(chat.body()).contains("WebSocket");
    }

    @Test
    void aConnectionThatSaysNothingCostsNoThread() throws Exception {
        try (Socket silent = new Socket("localhost", SERVER.server().port());
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(silent.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(SERVER.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(in.ready()).isFalse();
        }
    }

    private static JsonNode json(String path, int status) throws Exception {
        HttpResponse<String> answer = SERVER.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).as(path).hasValue("application/json");
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    void theReferencesPageIsGivenItsTurn() throws Exception {
        JsonNode place = json("/api/add_user?queue_id=talktomoshi", 200);
        String session = "?session_id=" + place.get("session_id") + "&session_auth_id="
                + place.get("session_auth_id").asText();
        JsonNode turn = json("/api/check_user" + session, 200);

        assertThat(turn.get("session_id")).isEqualTo(place.get("session_id"));
        assertThat(turn.get("status").asText()).isEqualTo("ready");
        assertThat(turn.get("worker_addr").asText()).as("the page's own host").isEqualTo("same");
        assertThat(turn.get("worker_auth_id").asText()).isNotEmpty();
        assertThat(turn.get("current_position").isTextual()).isTrue();
        json("/api/user_feedback" + session + "&worker_auth_id=x&feedback=1&timestamp=0&email=", 200);
        json("/api/user_feedback" + session + "&feedback=1", 404); // counts once
        assertThat(SERVER.metric("moshivis_feedback_total{feedback=\"1\"}")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/check_user, 404",
        "/api/check_user?session_id=1&session_auth_id=guessed, 404",
        "/api/check_user?session_id=999999999999999999999&session_auth_id=x, 404",
        "/api/check_user?session_id=%FF, 400",
        "/api/user_feedback?feedback=2, 400",
        "/api/user_feedback?feedback=1, 404",
        "/api/unheard_of, 404",
        "/api/chat, 426"
    })
    void errorsOfCallsAreJson(String path, int status) throws Exception {
        assertThat(json(path, status).get("error").asText()).isNotEmpty();
    }

    @Test
    void callsAreReadOnly() throws Exception {
        assertThat(
                        raw(
                                "POST /api/add_user HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("{\"error\":");
        String upgrade = raw(
                "GET /api/chat?text_topk=x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        assertThat(upgrade).startsWith("HTTP/1.1 400").contains("{\"error\":\"Cannot use the parameter text_topk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/chat?text_prompt=a`b", "/twilio?token=a|b", "/nothing?{"})
    void anUpgradeWithACharacterThatNoAddressHasIsRefused(String path) throws Exception {
        String upgrade = raw("GET " + path
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        assertThat(upgrade).startsWith("HTTP/1.1 400").contains("percent-encoded");
        assertThat(raw("GET /healthz?a`b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }
}
