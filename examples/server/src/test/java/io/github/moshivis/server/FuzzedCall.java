package io.github.moshivis.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A WebSocket that sends anything, and wants to know only whether the server answers, or how it ends the connection. */
final class FuzzedCall implements WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long TIMEOUT = 30;

    /** Code by which Java's client tells that a connection was broken off in order, without a frame that closes it. */
    private static final int NO_CLOSE_FRAME = 1006;

    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CompletableFuture<Void> pong = new CompletableFuture<>();
    private final WebSocket socket;

    FuzzedCall(int port, String path, Map<String, String> headers) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        headers.forEach(builder::header);
        socket = builder.buildAsync(URI.create("ws://localhost:" + port + path), this)
                .join();
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code == NO_CLOSE_FRAME ? 0 : code);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        from.request(1);
        pong.complete(null);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(0); // broken off
    }

    /** Sends a text; false if the connection has ended. */
    boolean text(String text) {
        return sent(() -> socket.sendText(text, true));
    }

    /** Sends bytes; false if the connection has ended. */
    boolean binary(byte[] bytes) {
        return sent(() -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
    }

    private interface Sending {
        CompletableFuture<WebSocket> begin();
    }

    private static boolean sent(Sending sending) {
        try {
            sending.begin().orTimeout(TIMEOUT, TimeUnit.SECONDS).join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    /**
     * Waits until all that was sent has been read, or the connection has ended, and ends it.
     *
     * @return the code with which the server ended the connection, 0 if it was broken off, 1000 if it is in order
     */
    int end() {
        sent(() -> socket.sendPing(ByteBuffer.allocate(0)));
        CompletableFuture.anyOf(pong, closed)
                .orTimeout(TIMEOUT, TimeUnit.SECONDS)
                .join();
        sent(() -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
        int code = closed.orTimeout(TIMEOUT, TimeUnit.SECONDS).join();
        socket.abort();
        return code;
    }
}
