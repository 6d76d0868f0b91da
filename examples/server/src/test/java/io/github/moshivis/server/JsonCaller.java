package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A raw WebSocket of JSON texts to the server, for tests: all that comes back is kept in order. */
public final class JsonCaller implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long TIMEOUT = 50;

    public final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    public final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    public JsonCaller(TestServer server, String path, Map<String, String> headers) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        headers.forEach(builder::header);
        URI address = URI.create("ws://localhost:" + server.server().port() + path);
        socket = builder.buildAsync(address, new Incoming()).join();
    }

    private final class Incoming implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    received.add(JSON.readTree(text.toString()));
                } catch (JsonProcessingException e) {
                    throw new AssertionError(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    /** Sends a text; quotation marks may be written as apostrophes. */
    public JsonCaller send(String text) {
        socket.sendText(text.replace('\'', '"'), true).join();
        return this;
    }

    public JsonCaller sendPart(String text, boolean last) {
        socket.sendText(text, last).join();
        return this;
    }

    /** The next text. */
    public JsonNode next() {
        try {
            JsonNode message = received.poll(TIMEOUT, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next text with that type or event; others are passed over. */
    public JsonNode next(String type) {
        return next(type, message -> true);
    }

    public JsonNode next(String type, Predicate<JsonNode> which) {
        for (JsonNode message = next(); ; message = next()) {
            String name = message.path("type").asText(message.path("event").asText());
            if (name.equals(type) && which.test(message)) {
                return message;
            }
        }
    }

    /** The code that the server closed the connection with. */
    public int closed() {
        return closed.orTimeout(TIMEOUT, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
